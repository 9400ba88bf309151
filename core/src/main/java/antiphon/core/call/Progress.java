package antiphon.core.call;

import antiphon.protocol.response.Usage;
import java.util.List;

/**
 * How far a run has come, from the inner log alone.
 *
 * @param calls of server-run tools that were to be run, the finished ones too
 * @param betweenTurns whether a turn has ended and no other has begun
 * @param clientsTurn whether the client has something to answer before the model goes on
 * @param atTurnEnd what had been used when the last turn ended, or a compaction after it
 * @param compactions how often the conversation was compacted
 * @param summaryTokens of the output tokens, how many went into summaries
 */
public record Progress(
    List<ServerCall> calls,
    boolean betweenTurns,
    boolean clientsTurn,
    Usage atTurnEnd,
    int compactions,
    int summaryTokens) {

  public Progress {
    calls = List.copyOf(calls);
  }

  /** Those that are not over. */
  public List<ServerCall> open() {
    return calls.stream().filter(call -> !call.over()).toList();
  }
}
