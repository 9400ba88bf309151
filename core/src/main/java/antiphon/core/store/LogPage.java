package antiphon.core.store;

import java.util.List;

/**
 * Some of a log.
 *
 * @param firstSequence the number of the first of {@code events}
 * @param events encoded events without a gap
 * @param rest what there is behind them
 */
public record LogPage(long firstSequence, List<byte[]> events, Rest rest) {

  /** What there is behind a page. */
  public enum Rest {
    /** More, now or later. */
    MORE,
    /** Nothing: the response has ended, and the last event of the page is the last there is. */
    NOTHING,
    /** Nothing any more: the log has been removed although the response is still there. */
    EXPIRED,
    /**
     * The response has ended, and its log has not been {@linkplain ResponseStore#reconstruct
     * reconstructed}.
     */
    UNWRITTEN
  }
}
