package antiphon.core.log;

import antiphon.core.api.EncodedEvent;
import antiphon.core.response.Transition;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.StoreException;
import antiphon.protocol.json.Json;
import java.util.concurrent.CompletionException;
import tools.jackson.core.type.TypeReference;

/** Brings the end of a sealed log to the store, and the answer back to the log. */
final class Ender {

  private final LogSink sink;
  private final SealedLog log;

  Ender(LogSink sink, SealedLog log) {
    this.sink = sink;
    this.log = log;
  }

  /** Ends with this transition; loops only while somebody changes the metadata under our hands. */
  Outcome end(Transition transition) {
    while (true) {
      SealedLog.Tail tail = log.tail(transition);
      switch (decide(tail)) {
        case EndOutcome.Won _, EndOutcome.Unopposed _ -> {
          return log.won(tail.ended());
        }
        case EndOutcome.MetadataChanged(byte[] metadata, long version) ->
            log.metadata(Json.readStored(metadata, new TypeReference<>() {}), version);
        case EndOutcome.AlreadyTerminal _, EndOutcome.Fenced _, EndOutcome.Gone _ -> {
          return log.lost();
        }
      }
    }
  }

  private EndOutcome decide(SealedLog.Tail tail) {
    ResponseState.Ended ended = tail.ended();
    Ending ending =
        new Ending(
            sink.epoch(),
            tail.firstSequence(),
            tail.events().stream().map(EncodedEvent::json).toList(),
            ended.status(),
            ended.completedAt(),
            ended.usage(),
            ended.snapshot(),
            ended.metadataVersion(),
            tail.entries());
    try {
      return sink.end(ending).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException store
          ? store
          : new StoreException("the end of " + log.id() + " could not be written", e);
    }
  }
}
