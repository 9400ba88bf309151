package antiphon.engines.embedded.chat;

import antiphon.engines.embedded.decode.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Understands a model's text while it comes: thoughts between {@code <think>} and {@code </think>},
 * calls of tools between {@link ToolTexts#OPEN} and {@link ToolTexts#CLOSE} or as a bare JSON
 * object, and words. What only looks like a call, or calls an unknown tool, is words.
 */
public final class OutputParser {

  private static final String THINK = "<think>";
  private static final String END_THINK = "</think>";

  private enum Mode {
    START,
    THINKING,
    WORDS,
    CALL,
    AFTER_CALL
  }

  private final Set<String> tools;
  private final boolean bareCalls;
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private final StringBuilder held = new StringBuilder();
  private List<Said> said = new ArrayList<>();
  private Mode mode;
  private CallReader call = new CallReader(Set.of());
  private boolean bare;
  private boolean wordsBegun;

  /**
   * @param tools the tools that may be called; none if calls are not to be looked for
   * @param bareCalls whether an answer that is a JSON object may be a call
   * @param thinking whether the prompt has already begun a thought
   * @param goingOn whether the text goes on with words that came before
   */
  public OutputParser(Set<String> tools, boolean bareCalls, boolean thinking, boolean goingOn) {
    this.tools = Set.copyOf(tools);
    this.bareCalls = bareCalls && !tools.isEmpty();
    this.mode = goingOn ? Mode.WORDS : thinking ? Mode.THINKING : Mode.START;
    this.wordsBegun = goingOn;
  }

  /** Takes more text and gives what is understood by now. */
  public List<Said> add(String text, List<TokenLogprob> more) {
    held.append(text);
    logprobs.addAll(more);
    while (step()) {
      // One stretch of one kind after the other.
    }
    return take();
  }

  /** The text is over: gives what is left. */
  public List<Said> finish() {
    switch (mode) {
      case THINKING -> thought(held.length());
      case CALL -> {
        if (!endCall()) {
          words(held.length());
        }
      }
      case START, WORDS -> words(wordsBegun || !held.toString().isBlank() ? held.length() : 0);
      case AFTER_CALL -> {}
    }
    return take();
  }

  private List<Said> take() {
    List<Said> taken = said;
    said = new ArrayList<>();
    return taken;
  }

  private boolean step() {
    return switch (mode) {
      case START -> start();
      case THINKING -> thinking();
      case WORDS, AFTER_CALL -> wordsOrCall();
      case CALL -> calling();
    };
  }

  private boolean start() {
    String text = held.toString().stripLeading();
    if (text.isEmpty() || (text.length() < THINK.length() && THINK.startsWith(text))) {
      return false;
    }
    if (text.startsWith(THINK)) {
      held.setLength(0);
      held.append(text, THINK.length(), text.length());
      mode = Mode.THINKING;
    } else if (bareCalls && text.startsWith("{")) {
      beginCall(0, true);
    } else {
      mode = Mode.WORDS;
    }
    return true;
  }

  private boolean thinking() {
    int end = held.indexOf(END_THINK);
    if (end < 0) {
      thought(held.length() - overlap(END_THINK));
      return false;
    }
    thought(end);
    held.delete(0, END_THINK.length());
    mode = Mode.AFTER_CALL;
    return true;
  }

  private boolean wordsOrCall() {
    if (mode == Mode.AFTER_CALL || (!wordsBegun && !tools.isEmpty())) {
      held.delete(0, leadingSpace());
      if (held.isEmpty()) {
        return false;
      }
      mode = Mode.WORDS;
    }
    int open = tools.isEmpty() ? -1 : held.indexOf(ToolTexts.OPEN);
    if (open >= 0) {
      int end = withoutTrailingSpace(open);
      words(end);
      beginCall(open - end + ToolTexts.OPEN.length(), false);
      return true;
    }
    boolean mayCall = !tools.isEmpty();
    words(mayCall ? withoutTrailingSpace(held.length() - overlap(ToolTexts.OPEN)) : held.length());
    return false;
  }

  private int leadingSpace() {
    int count = 0;
    while (count < held.length() && Character.isWhitespace(held.charAt(count))) {
      count++;
    }
    return count;
  }

  /** Space before a call does not belong to the words before it. */
  private int withoutTrailingSpace(int from) {
    int end = from;
    while (end > 0 && Character.isWhitespace(held.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private void beginCall(int from, boolean asBareObject) {
    held.delete(0, from);
    logprobs.clear();
    call = new CallReader(tools);
    bare = asBareObject;
    mode = Mode.CALL;
  }

  private boolean calling() {
    String text = held.toString();
    held.setLength(0);
    call.add(text, said);
    if (call.failed()) {
      giveUpCall();
      return true;
    }
    if (!call.complete()) {
      return false;
    }
    String rest = call.rest();
    if (!bare) {
      String mark = rest.stripLeading();
      if (mark.length() < ToolTexts.CLOSE.length() && ToolTexts.CLOSE.startsWith(mark)) {
        return false;
      }
      rest = mark.startsWith(ToolTexts.CLOSE) ? mark.substring(ToolTexts.CLOSE.length()) : rest;
    }
    if (endCall()) {
      held.append(rest);
      mode = Mode.AFTER_CALL;
    }
    return true;
  }

  /** Ends the call, or gives it up if it was none. */
  private boolean endCall() {
    boolean ended = call.begun() || call.late(said);
    if (ended) {
      said.add(new Said.CallEnds());
    } else {
      giveUpCall();
    }
    return ended;
  }

  /** It was no call after all: its text is words, up to where another call may begin. */
  private void giveUpCall() {
    held.insert(0, (bare ? "" : ToolTexts.OPEN) + call.text());
    mode = Mode.WORDS;
    int next = held.indexOf(ToolTexts.OPEN, 1);
    words(next < 0 ? held.length() : next);
  }

  private void thought(int count) {
    if (count > 0) {
      said.add(new Said.Thought(held.substring(0, count)));
      held.delete(0, count);
    }
    logprobs.clear();
  }

  private void words(int count) {
    if (count > 0) {
      wordsBegun = true;
      said.add(new Said.Words(held.substring(0, count), logprobs));
      held.delete(0, count);
      logprobs.clear();
    }
  }

  /** How many of the last letters may begin this mark. */
  private int overlap(String mark) {
    for (int size = Math.min(mark.length() - 1, held.length()); size > 0; size--) {
      if (mark.startsWith(held.substring(held.length() - size))) {
        return size;
      }
    }
    return 0;
  }
}
