package antiphon.core.run;

import antiphon.core.create.Conversations;
import antiphon.core.create.Conversations.Conversation;
import antiphon.core.create.ToolSecrets;
import antiphon.core.engine.Engines;
import antiphon.core.engine.Plan;
import antiphon.core.log.LiveLog;
import antiphon.core.log.LogSink;
import antiphon.core.log.ResponseState;
import antiphon.core.log.StoredLog;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.step.Run;
import antiphon.core.store.Claimed;
import antiphon.core.store.NewResponse;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.Signals;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** From a claimed row to a run: the log so far, the request, the conversation. */
public final class Claims {

  private final ResponseStore store;
  private final Signals signals;
  private final Engines engines;
  private final Conversations conversations;
  private final ToolSecrets secrets;

  public Claims(
      ResponseStore store,
      Signals signals,
      Engines engines,
      Conversations conversations,
      ToolSecrets secrets) {
    this.store = store;
    this.signals = signals;
    this.engines = engines;
    this.conversations = conversations;
    this.secrets = secrets;
  }

  /** The log of a claimed response, folded so far as it has come. */
  LiveLog open(Claimed claimed) {
    StoredResponse response = claimed.response();
    RunKey run = new RunKey(response.id(), response.epoch());
    ResponseState state = StoredLog.fold(store, response);
    if (state.nextSequence() < response.nextSequence()) {
      throw new IllegalStateException("the log of " + response.id() + " ends too early");
    }
    return new LiveLog(
        new LogSink.Stored(store, signals, run, NewResponse.Delivery.BACKGROUND), state);
  }

  /**
   * Whether the claim still holds. To be asked when the run can be found: who ended the response
   * before that, or changed its metadata, found nobody to tell.
   */
  boolean stands(Claimed claimed, LiveLog log) {
    StoredResponse then = claimed.response();
    StoredResponse now = store.find(then.id()).orElse(null);
    if (now == null || now.status().isTerminal() || now.epoch() != then.epoch()) {
      return false;
    }
    if (now.metadataVersion() != then.metadataVersion()) {
      log.metadata(
          Json.readStored(now.metadata(), new TypeReference<>() {}), now.metadataVersion());
    }
    return true;
  }

  /** Everything else that its run needs. */
  Run prepare(Claimed claimed, LiveLog log) {
    StoredResponse response = claimed.response();
    CreateResponse request =
        secrets.opened(
            response.id().owner(), Json.readStored(response.request(), CreateResponse.class));
    List<String> fallbacks =
        request.fallbackModels() == null ? List.of() : request.fallbackModels();
    Plan plan =
        engines.plan(response.model(), fallbacks).orElseThrow(() -> modelGone(response.model()));
    Conversation conversation = conversations.of(response);
    return new Run(
        log, request, plan, conversation.items(), conversation.estimatedTokens(), claimed.trace());
  }

  private static Rejected modelGone(String model) {
    return new Rejected(
        new Problem.Invalid(
            "The model '" + model + "' is no longer served.", "model", "model_not_found"));
  }
}
