package antiphon.engines.embedded.chat;

import antiphon.engines.embedded.llama.LlamaModel;
import antiphon.engines.embedded.llama.Tokens;
import antiphon.engines.embedded.llama.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes tokens of a prompt. Control tokens are looked for in the template's own words only; all
 * else is cut into tokens as one running text between them, just as the model saw it in training.
 */
public final class PromptTokenizer {

  /** So many characters are handed over at once, so that a stop need not wait long. */
  private static final int SLICE = 32_768;

  private final LlamaModel model;
  private final Vocabulary vocabulary;
  private final Map<Character, List<Vocabulary.Special>> specials = new HashMap<>();

  public PromptTokenizer(LlamaModel model) {
    this.model = model;
    this.vocabulary = model.vocabulary();
    for (Vocabulary.Special special : vocabulary.specials()) {
      specials.computeIfAbsent(special.text().charAt(0), _ -> new ArrayList<>()).add(special);
    }
    for (List<Vocabulary.Special> alike : specials.values()) {
      alike.sort(
          Comparator.comparingInt((Vocabulary.Special special) -> special.text().length())
              .reversed());
    }
  }

  /** Whether a control token is written in this text. */
  public boolean suspicious(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (specialAt(text, at) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * The tokens of a prompt.
   *
   * @param limit the work ends when there are more tokens than this; the result tells so
   * @throws InterruptedException if the calling thread is interrupted
   */
  public Tokens tokenize(List<Segment> segments, int limit) throws InterruptedException {
    Run run = new Run(limit);
    for (Segment segment : segments) {
      if (segment.trusted()) {
        addTrusted(segment.text(), run);
      } else {
        run.add(segment.text());
      }
    }
    return run.finish();
  }

  private void addTrusted(String text, Run run) throws InterruptedException {
    int from = 0;
    int at = 0;
    while (at < text.length()) {
      Vocabulary.Special special = specialAt(text, at);
      if (special == null) {
        at++;
      } else {
        run.add(text.substring(from, at));
        run.add(special);
        at += special.text().length();
        from = at;
      }
    }
    run.add(text.substring(from));
  }

  private Vocabulary.@Nullable Special specialAt(String text, int at) {
    for (Vocabulary.Special special : specials.getOrDefault(text.charAt(at), List.of())) {
      if (text.startsWith(special.text(), at)) {
        return special;
      }
    }
    return null;
  }

  /** Collects running text until a control token ends it. */
  private final class Run {
    private final int limit;
    private final StringBuilder text = new StringBuilder();
    private final List<Tokens> done = new ArrayList<>();
    private int count;
    private boolean stripNext;

    Run(int limit) {
      this.limit = limit;
    }

    void add(String more) {
      String kept = stripNext ? more.stripLeading() : more;
      stripNext &= kept.isEmpty();
      text.append(kept);
    }

    void add(Vocabulary.Special special) throws InterruptedException {
      if (special.stripsLeft()) {
        text.setLength(text.toString().stripTrailing().length());
      }
      flush();
      add(Tokens.of(special.token()));
      stripNext = special.stripsRight();
    }

    Tokens finish() throws InterruptedException {
      flush();
      Tokens all = Tokens.concat(done);
      int bos = vocabulary.bos();
      boolean missing = vocabulary.addsBos() && bos >= 0 && (all.size() == 0 || all.get(0) != bos);
      return missing ? Tokens.concat(List.of(Tokens.of(bos), all)) : all;
    }

    private void flush() throws InterruptedException {
      int from = 0;
      while (from < text.length() && count <= limit) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        int to = cut(from);
        add(model.tokenize(text.substring(from, to)));
        from = to;
      }
      text.setLength(0);
    }

    private void add(Tokens tokens) {
      done.add(tokens);
      count += tokens.size();
    }

    /** Where a slice may end: before a space between letters, where no token reaches across. */
    private int cut(int from) {
      if (text.length() - from <= 2 * SLICE) {
        return text.length();
      }
      for (int at = from + SLICE; at < from + 2 * SLICE - 1; at++) {
        if (text.charAt(at) == ' '
            && Character.isLetter(text.charAt(at - 1))
            && Character.isLetter(text.charAt(at + 1))) {
          return at;
        }
      }
      int at = from + 2 * SLICE;
      return Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    }
  }
}
