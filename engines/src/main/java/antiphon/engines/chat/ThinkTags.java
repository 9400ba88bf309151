package antiphon.engines.chat;

import java.util.List;

/**
 * Finds reasoning in a text: some engines leave it there between tags. Tags count only where models
 * write them, at the very beginning of the text; a tag that is spread over deltas is held back
 * until it is clear whether it is one, and so are empty lines in front of the text.
 */
final class ThinkTags {

  private static final List<String> NAMES = List.of("think", "thinking", "thought", "reasoning");

  private final StringBuilder held = new StringBuilder();
  private State state;
  private String close;
  private boolean look;

  ThinkTags(ChatSettings.Thinking thinking) {
    state = thinking == ChatSettings.Thinking.OPENED ? State.REASONING : State.START;
    close = "</think>";
    look = thinking == ChatSettings.Thinking.TAGS;
  }

  /** The engine gives its reasoning apart: tags mean nothing from now on. */
  void off() {
    look = false;
    if (state == State.REASONING && held.isEmpty()) {
      state = State.START;
    }
  }

  /** A tool is called: empty lines before that are no text, as no text follows them. */
  void call(Sink sink) throws InterruptedException {
    if (state == State.START || state == State.AFTER) {
      held.delete(0, firstVisible());
    }
    end(sink);
  }

  /** Whether every text is passed on as it is: then nothing is held back. */
  boolean transparent() {
    return state == State.TEXT && held.isEmpty();
  }

  /** Takes in a delta and hands over what is clear. */
  void accept(String delta, Sink sink) throws InterruptedException {
    held.append(delta);
    while (step(sink)) {
      // Each step settles a part of what is held.
    }
  }

  /** Hands over what is left. */
  void end(Sink sink) throws InterruptedException {
    if (!held.isEmpty()) {
      hand(held.length(), sink);
    }
  }

  private boolean step(Sink sink) throws InterruptedException {
    return switch (state) {
      case START -> start();
      case REASONING -> reasoning(sink);
      case AFTER -> after();
      case TEXT -> {
        if (!held.isEmpty()) {
          hand(held.length(), sink);
        }
        yield false;
      }
    };
  }

  private boolean start() {
    int first = firstVisible();
    if (first == held.length()) {
      return false;
    }
    String text = held.substring(first);
    boolean couldBe = false;
    if (!look) {
      state = State.TEXT;
      return true;
    }
    for (String name : NAMES) {
      String tag = "<" + name + ">";
      if (text.startsWith(tag)) {
        close = "</" + name + ">";
        held.delete(0, first + tag.length());
        state = State.REASONING;
        return true;
      }
      couldBe |= tag.startsWith(text);
    }
    if (couldBe) {
      return false;
    }
    state = State.TEXT;
    return true;
  }

  private boolean reasoning(Sink sink) throws InterruptedException {
    int at = held.indexOf(close);
    if (at >= 0) {
      hand(at, sink);
      held.delete(0, close.length());
      state = State.AFTER;
      return true;
    }
    int clear = held.length() - overlap();
    if (clear > 0) {
      hand(clear, sink);
    }
    return false;
  }

  /** The empty lines between the reasoning and the answer belong to neither. */
  private boolean after() {
    held.delete(0, firstVisible());
    if (held.isEmpty()) {
      return false;
    }
    state = State.TEXT;
    return true;
  }

  private int firstVisible() {
    int first = 0;
    while (first < held.length() && Character.isWhitespace(held.charAt(first))) {
      first++;
    }
    return first;
  }

  /** How many characters at the end may be the beginning of the closing tag. */
  private int overlap() {
    for (int length = Math.min(close.length() - 1, held.length()); length > 0; length--) {
      if (close.startsWith(held.substring(held.length() - length))) {
        return length;
      }
    }
    return 0;
  }

  private void hand(int length, Sink sink) throws InterruptedException {
    if (length > 0) {
      String part = held.substring(0, length);
      held.delete(0, length);
      sink.accept(part, state == State.REASONING);
    }
  }

  private enum State {
    START,
    REASONING,
    AFTER,
    TEXT
  }

  /** Takes text, or reasoning. */
  @FunctionalInterface
  interface Sink {
    void accept(String text, boolean reasoning) throws InterruptedException;
  }
}
