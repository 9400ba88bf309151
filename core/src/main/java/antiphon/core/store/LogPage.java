package antiphon.core.store;

import java.util.List;

/**
 * Some of a log.
 *
 * @param firstSequence the number of the first of {@code events}
 * @param events encoded events without a gap
 * @param ended whether the response has ended and the last of {@code events} is the last there is
 * @param expired whether the log has been removed although the response is still there
 */
public record LogPage(long firstSequence, List<byte[]> events, boolean ended, boolean expired) {}
