package antiphon.engines.embedded.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes text of tokens: whole characters only, nothing that may yet turn out to begin a stop
 * string, and nothing from a stop string on.
 */
final class TextAssembler {

  /** A stretch of finished text, and the tokens that ended in it. */
  record Piece(String text, List<TokenLogprob> logprobs) {}

  private record Mark(long begin, long end, TokenLogprob logprob) {}

  private final List<byte[]> stops;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private byte[] held = new byte[256];
  private int length;
  private long given;
  private boolean stopped;

  TextAssembler(List<String> stops) {
    this.stops =
        stops.stream()
            .filter(stop -> !stop.isEmpty())
            .map(stop -> stop.getBytes(StandardCharsets.UTF_8))
            .toList();
  }

  /** Whether a stop string has come; nothing more is taken then. */
  boolean stopped() {
    return stopped;
  }

  /**
   * Takes the bytes of the next token.
   *
   * @return what is finished now, which may be nothing
   */
  Piece add(byte[] bytes, @Nullable TokenLogprob logprob) {
    if (length + bytes.length > held.length) {
      held = Arrays.copyOf(held, (length + bytes.length) * 2);
    }
    System.arraycopy(bytes, 0, held, length, bytes.length);
    length += bytes.length;
    if (logprob != null) {
      marks.add(new Mark(given + length - bytes.length, given + length, logprob));
    }
    int stop = firstStop();
    if (stop >= 0) {
      stopped = true;
      length = stop;
      return give(wholeCharacters(length));
    }
    return give(wholeCharacters(length - mayBeginStop()));
  }

  /** The rest, when the turn has ended; a broken last character is left out. */
  Piece finish() {
    return give(wholeCharacters(length));
  }

  private Piece give(int count) {
    String text = new String(held, 0, count, StandardCharsets.UTF_8);
    System.arraycopy(held, count, held, 0, length - count);
    length -= count;
    given += count;
    List<TokenLogprob> logprobs = new ArrayList<>();
    while (!marks.isEmpty() && (marks.peek().end() <= given || cut(marks.peek()))) {
      logprobs.add(marks.remove().logprob());
    }
    return new Piece(text, logprobs);
  }

  /** A token whose end belongs to a stop string still has a part in the text. */
  private boolean cut(Mark mark) {
    return stopped && mark.begin() < given;
  }

  private int firstStop() {
    int first = -1;
    for (byte[] stop : stops) {
      for (int at = 0; at + stop.length <= length && (first < 0 || at < first); at++) {
        if (Arrays.equals(held, at, at + stop.length, stop, 0, stop.length)) {
          first = at;
        }
      }
    }
    return first;
  }

  private int mayBeginStop() {
    int longest = 0;
    for (byte[] stop : stops) {
      for (int size = Math.min(stop.length - 1, length); size > longest; size--) {
        if (Arrays.equals(held, length - size, length, stop, 0, size)) {
          longest = size;
        }
      }
    }
    return longest;
  }

  /** The greatest count up to {@code limit} that does not end inside a character. */
  private int wholeCharacters(int limit) {
    for (int back = 1; back <= Math.min(3, limit); back++) {
      int lead = held[limit - back] & 0xFF;
      if (lead >= 0xC0) {
        int needs = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        return needs > back ? limit - back : limit;
      }
      if (lead < 0x80) {
        return limit;
      }
    }
    return limit;
  }
}
