package antiphon.core.agent;

import antiphon.core.api.Created;
import antiphon.core.api.Responses;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Keyed;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Begins responses on behalf of others, and looks after them: when one has ended, who began it is
 * woken, and when that one has ended first, it is cancelled.
 */
public final class AgentCalls implements AutoCloseable {

  private final AgentStore calls;
  private final ResponseStore responses;
  private final AgentKeeper keeper;

  /** Set when the server is put together; runs may be claimed before. */
  private final CompletableFuture<Responses> api = new CompletableFuture<>();

  public AgentCalls(AgentStore calls, ResponseStore responses, Signals signals) {
    this.calls = calls;
    this.responses = responses;
    this.keeper = new AgentKeeper(calls, responses, signals);
  }

  /** How a response that was begun is now. */
  public sealed interface State {

    /** It has not ended. */
    record Runs() implements State {}

    /** It has ended, as this snapshot tells. */
    record Ended(byte[] snapshot) implements State {}

    /** It was deleted. */
    record Gone() implements State {}
  }

  /** Gives it the operations that responses are begun and cancelled with. */
  public void connect(Responses operations) {
    api.complete(operations);
    keeper.begin(operations);
  }

  /**
   * Begins a response for a call, once however often it is asked for.
   *
   * @param request a stored background one
   * @throws Rejected if there cannot be such a response
   */
  public ResponseId start(ResponseId parent, String item, CreateResponse request)
      throws InterruptedException {
    calls.begin(parent, item);
    String key = AgentStore.key(item);
    Optional<Keyed> before = responses.findKeyed(parent.owner(), key);
    ResponseId child =
        before.isPresent()
            ? before.get().id()
            : id(parent, operations().create(parent.owner(), request, key));
    keeper.watch(parent, child);
    return child;
  }

  private static ResponseId id(ResponseId parent, Created created) {
    if (created instanceof Created.Queued(byte[] snapshot, var events)) {
      events.close();
      return new ResponseId(parent.owner(), Json.field(snapshot, "id"));
    }
    throw new Rejected(new Problem.Internal("An agent was to run in the background."));
  }

  private Responses operations() throws InterruptedException {
    try {
      return api.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How it is now. */
  public State state(ResponseId child) {
    Optional<StoredResponse> found = responses.find(child);
    if (found.isEmpty()) {
      return new State.Gone();
    }
    byte @Nullable [] snapshot = found.get().snapshot();
    return snapshot == null ? new State.Runs() : new State.Ended(snapshot);
  }

  /** Cancels it; one that has ended or is gone stays so. */
  public void cancel(ResponseId child) throws InterruptedException {
    AgentKeeper.cancel(operations(), child);
  }

  /** A call is over: nothing is to be looked after any more. */
  public void done(ResponseId parent, String item, ResponseId child) {
    calls.done(parent, item);
    keeper.forget(child);
  }

  /** A run that has begun others may have ended. */
  public void look() {
    keeper.look();
  }

  @Override
  public void close() {
    keeper.close();
  }
}
