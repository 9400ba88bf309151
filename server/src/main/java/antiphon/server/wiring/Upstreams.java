package antiphon.server.wiring;

import antiphon.core.engine.Engine;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.replica.ReplicatedEngine;
import antiphon.engines.responses.ResponsesEngine;
import antiphon.engines.upstream.Probed;
import antiphon.server.settings.EngineSettings;
import java.time.InstantSource;
import java.util.List;

/** Engines over HTTP; several URLs make replicas of one. */
public final class Upstreams {

  private Upstreams() {}

  /** An engine that speaks Chat Completions. */
  public static Engine chat(EngineSettings.Chat settings) {
    return together(
        settings.replicas().stream()
            .map(replica -> new ChatCompletionsEngine(replica, InstantSource.system()))
            .toList());
  }

  /** An engine that speaks Responses. */
  public static Engine responses(EngineSettings.Responses settings) {
    return together(
        settings.replicas().stream()
            .map(replica -> new ResponsesEngine(replica, InstantSource.system()))
            .toList());
  }

  private static <E extends Engine & Probed> Engine together(List<E> replicas) {
    E first = replicas.getFirst();
    // The limit is that of the engine: each replica could take all of it while the others are away.
    return replicas.size() == 1 ? first : new ReplicatedEngine(replicas, first.concurrency());
  }
}
