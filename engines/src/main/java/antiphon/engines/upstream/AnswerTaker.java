package antiphon.engines.upstream;

import antiphon.core.engine.EngineException;
import antiphon.engines.upstream.EventStream.Nonsense;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes in an engine's answer piece by piece, in the engine's dialect. */
public interface AnswerTaker {

  /**
   * Takes in an event.
   *
   * @param name as the stream gives it, empty if it does not
   * @return whether it brought output: the limit between tokens begins anew
   */
  boolean event(String name, JsonNode data) throws EngineException, Nonsense, InterruptedException;

  /** Takes in the whole answer of an engine that does not stream. */
  void whole(JsonNode answer) throws EngineException, Nonsense, InterruptedException;

  /** Whether the engine has said how its answer ended; what follows may be lost. */
  boolean ended();

  /** Whether nothing can follow any more. */
  boolean complete();

  /** Reads an answer to its end; whether that was a good end is for the caller to say. */
  default void readAll(Exchange exchange)
      throws IOException, Nonsense, EngineException, InterruptedException {
    switch (exchange.form()) {
      case JSON -> whole(json(exchange.all()));
      case STREAM -> stream(exchange);
      case NEITHER ->
          throw new Nonsense("answered with " + exchange.contentType() + " instead of a stream");
    }
  }

  private void stream(Exchange exchange)
      throws IOException, Nonsense, EngineException, InterruptedException {
    EventStream events = exchange.events();
    while (!complete()) {
      EventStream.Event event = next(events);
      if (event == null || event.data().strip().equals("[DONE]")) {
        return;
      }
      if (event.name().equals(EventStream.ERROR)) {
        throw exchange.faults().reported(event.data());
      }
      if (!event.data().isBlank()
          && event(event.name(), json(event.data().getBytes(StandardCharsets.UTF_8)))) {
        exchange.token();
      }
    }
  }

  private EventStream.@Nullable Event next(EventStream events) throws IOException, Nonsense {
    try {
      return events.next();
    } catch (IOException e) {
      // All has been said but the usage: an answer is not thrown away for that.
      if (ended() && !Thread.currentThread().isInterrupted()) {
        return null;
      }
      throw e;
    }
  }

  private static JsonNode json(byte[] json) throws Nonsense {
    try {
      return Json.readStored(json, JsonNode.class);
    } catch (InvalidJson _) {
      return mended(new String(json, StandardCharsets.UTF_8));
    }
  }

  private static JsonNode mended(String json) throws Nonsense {
    try {
      byte[] mended = Literals.nulled(json).getBytes(StandardCharsets.UTF_8);
      return Json.readStored(mended, JsonNode.class);
    } catch (InvalidJson _) {
      throw new Nonsense("sent what is no JSON");
    }
  }
}
