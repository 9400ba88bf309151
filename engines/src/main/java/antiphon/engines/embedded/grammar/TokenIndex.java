package antiphon.engines.embedded.grammar;

import antiphon.engines.embedded.llama.Vocabulary;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/** A model's tokens in the order of their bytes, so that tokens that begin alike lie together. */
public final class TokenIndex {

  private final Vocabulary vocabulary;
  private final int[] sorted;

  /** Takes some hundredths of a second; one for each model is enough. */
  public TokenIndex(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.sorted =
        IntStream.range(0, vocabulary.size())
            .filter(token -> vocabulary.bytes(token).length > 0 && !vocabulary.ends(token))
            .boxed()
            .sorted(Comparator.comparing(vocabulary::bytes, Arrays::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Adds every token whose bytes may follow in this state. */
  void fitting(Matcher.State state, BitSet into) {
    fitting(state, 0, sorted.length, 0, into);
  }

  private void fitting(Matcher.State state, int from, int to, int depth, BitSet into) {
    int at = from;
    while (at < to) {
      byte[] bytes = vocabulary.bytes(sorted[at]);
      if (bytes.length == depth) {
        into.set(sorted[at]);
        at++;
        continue;
      }
      int end = endOfGroup(at, to, depth, bytes[depth]);
      Matcher.State next = Matcher.next(state, bytes[depth] & 0xFF);
      if (!next.dead()) {
        fitting(next, at, end, depth + 1, into);
      }
      at = end;
    }
  }

  /** The first place after {@code from} whose token has another byte at this depth. */
  private int endOfGroup(int from, int to, int depth, byte value) {
    int low = from + 1;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (vocabulary.bytes(sorted[middle])[depth] == value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
