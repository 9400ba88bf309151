package antiphon.engines.embedded.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Follows grammars: with a given text, or at random. */
final class Walk {

  private Walk() {}

  /** Whether the grammar has this text. */
  static boolean accepts(Grammar grammar, String text) {
    return Matcher.next(Matcher.start(grammar), text.getBytes(StandardCharsets.UTF_8), 0).whole();
  }

  /** A random text of the grammar; empty if it had no end after so many bytes. */
  static Optional<String> random(Grammar grammar, SplittableRandom random, int limit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Matcher.State state = Matcher.start(grammar);
    while (out.size() < limit) {
      List<Integer> fitting = new ArrayList<>();
      for (int value = 0; value < 256; value++) {
        if (!Matcher.next(state, value).dead()) {
          fitting.add(value);
        }
      }
      if (state.whole() && (fitting.isEmpty() || random.nextInt(3) == 0)) {
        return Optional.of(out.toString(StandardCharsets.UTF_8));
      }
      int value = pick(fitting, random);
      out.write(value);
      state = Matcher.next(state, value);
    }
    return Optional.empty();
  }

  /** Closing marks are liked, so that most walks end. */
  private static int pick(List<Integer> fitting, SplittableRandom random) {
    List<Integer> closing = fitting.stream().filter(value -> "\"]}".indexOf(value) >= 0).toList();
    boolean close = !closing.isEmpty() && random.nextInt(3) == 0;
    List<Integer> choice = close ? closing : fitting;
    return choice.get(random.nextInt(choice.size()));
  }
}
