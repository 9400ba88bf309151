package antiphon.core.store;

import antiphon.protocol.response.Usage;
import java.util.List;

/**
 * Events for the log of a running response.
 *
 * @param run whose log, under which epoch
 * @param firstSequence the number of the first event; must follow the last one in the log
 * @param events one or more encoded events
 * @param usage what has been used up to the last of them
 */
public record Append(RunKey run, long firstSequence, List<byte[]> events, Usage usage) {}
