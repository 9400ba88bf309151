package antiphon.testkit.store;

import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.Chain;
import antiphon.core.store.ChainLink;
import antiphon.core.store.Claimed;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.Ending;
import antiphon.core.store.NewResponse;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.OpenLog;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoredResponse;
import antiphon.core.trace.TraceParent;
import antiphon.protocol.response.ResponseStatus;
import antiphon.protocol.response.ServiceTier;
import antiphon.protocol.response.Usage;
import antiphon.protocol.response.Usage.InputTokensDetails;
import antiphon.protocol.response.Usage.OutputTokensDetails;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store under test, and short words for what is done to it. */
public abstract class StoreFixture {

  protected static final Duration LONG = Duration.ofMinutes(10);
  protected static final Owner ACCOUNT = Owner.account("acme");
  protected static final Owner USER = new Owner("acme", "user-1");
  protected static final Owner OTHER = Owner.account("other");

  protected final Ids ids = new Ids(InstantSource.system());
  private @Nullable ResponseStore opened;
  private long ticks;

  /** Opens an empty store. */
  protected abstract ResponseStore open() throws Exception;

  /** Another node's view of the store under test; the same one where only one node can be. */
  protected ResponseStore otherNode() throws Exception {
    return store();
  }

  @BeforeEach
  final void openStore() throws Exception {
    opened = open();
  }

  @AfterEach
  final void closeStore() {
    if (opened != null) {
      opened.close();
    }
  }

  /** The store under test. */
  protected final ResponseStore store() {
    if (opened == null) {
      throw new IllegalStateException("no store yet");
    }
    return opened;
  }

  /** Nothing renews this one's lease any more, and that shows. */
  protected void leaseRunsOut(ResponseId id) throws Exception {
    Await.until("the lease to run out", () -> !find(id).leased());
  }

  protected final ResponseId id(Owner owner) {
    return new ResponseId(owner, ids.response());
  }

  /** A queued response with two events in its log. */
  protected final NewResponse background(ResponseId id) {
    return background(id, ServiceTier.AUTO);
  }

  protected final NewResponse background(ResponseId id, ServiceTier tier) {
    return background(id, tier, "engine-1");
  }

  /** The same for another engine. */
  protected final NewResponse background(ResponseId id, ServiceTier tier, String queue) {
    return response(id, Delivery.BACKGROUND, tier, queue, null, events(0, 2));
  }

  /** A queued response that is not to be kept. */
  protected final NewResponse unkept(ResponseId id) {
    return response(id, Delivery.BRIEF, ServiceTier.AUTO, "engine-1", null, events(0, 2));
  }

  /** A response that node {@code n1} runs. */
  protected final NewResponse foreground(ResponseId id) {
    return response(id, Delivery.STREAMED, ServiceTier.AUTO, "engine-1", null, List.of());
  }

  /** The same, but nobody knows of it before its end. */
  protected final NewResponse brief(ResponseId id) {
    return response(id, Delivery.AT_ITS_END, ServiceTier.AUTO, "engine-1", null, List.of());
  }

  protected final NewResponse following(ResponseId id, @Nullable String previous) {
    return response(id, Delivery.STREAMED, ServiceTier.AUTO, "engine-1", previous, List.of());
  }

  private NewResponse response(
      ResponseId id,
      Delivery delivery,
      ServiceTier tier,
      String queue,
      @Nullable String previous,
      List<byte[]> events) {
    return new NewResponse(
        id,
        delivery,
        1_700_000_000_000L + ticks++,
        tier,
        queue,
        "model-1",
        previous,
        bytes("{\"model\":\"model-1\"}"),
        bytes("[{\"id\":\"" + id + "\"}]"),
        bytes("{\"a\":\"b\"}"),
        "n1",
        LONG,
        null,
        events);
  }

  /** The same in a trace. */
  protected static NewResponse in(TraceParent trace, NewResponse response) {
    return new NewResponse(
        response.id(),
        response.delivery(),
        response.createdAt(),
        response.tier(),
        response.queue(),
        response.model(),
        response.previous(),
        response.request(),
        response.input(),
        response.metadata(),
        response.node(),
        response.lease(),
        trace,
        response.events());
  }

  /** Writes a response and waits for it. */
  protected final ResponseId insert(NewResponse response) {
    get(store().insert(response));
    return response.id();
  }

  /** A background response that node {@code n1} has claimed: epoch 1, two events. */
  protected final RunKey running(Owner owner) {
    return claimed(insert(background(id(owner))), "n1");
  }

  protected final RunKey claimed(ResponseId id, String node) {
    for (Claimed claimed : store().claim(node, 100, LONG)) {
      if (claimed.response().id().equals(id)) {
        return new RunKey(id, claimed.response().epoch());
      }
    }
    throw new AssertionError(id + " was not to be claimed");
  }

  protected final AppendOutcome append(RunKey run, long first, int count) {
    return get(store().append(appendOf(run, first, count)));
  }

  protected static Append appendOf(RunKey run, long first, int count) {
    return new Append(run, first, events(first, count), usage(first + count));
  }

  protected final EndOutcome end(RunKey run, long first, ResponseStatus status) {
    return get(store().end(run.id(), ending(run, first, status)));
  }

  /** An ending with two more events and a snapshot that tells the status. */
  protected static Ending ending(RunKey run, long first, ResponseStatus status) {
    return new Ending(
        run.epoch(),
        first,
        events(first, 2),
        status,
        1_700_000_100_000L,
        usage(first + 2),
        snapshot(run.id(), status),
        0);
  }

  /** Ends it from its log as another node would. */
  protected static Ending planned(OpenLog log, ResponseStatus status) {
    StoredResponse row = log.response();
    return ending(new RunKey(row.id(), row.epoch()), row.nextSequence(), status);
  }

  protected static byte[] snapshot(ResponseId id, ResponseStatus status) {
    return bytes("{\"id\":\"" + id + "\",\"status\":\"" + status + "\"}");
  }

  /** Events that tell their number, with text that is not all ASCII. */
  protected static List<byte[]> events(long first, int count) {
    List<byte[]> events = new ArrayList<>();
    for (long number = first; number < first + count; number++) {
      events.add(bytes("{\"sequence_number\":" + number + ",\"delta\":\"é\\n🎵\"}"));
    }
    return events;
  }

  /** Tokens that all differ. */
  protected static Usage usage(long n) {
    int base = (int) n * 10;
    return new Usage(
        base + 1,
        new InputTokensDetails(base + 2, base + 3),
        base + 4,
        new OutputTokensDetails(base + 5),
        base + 6);
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  protected static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** What comes one by one, all together. */
  protected static List<byte[]> all(Iterable<byte[]> events) {
    List<byte[]> all = new ArrayList<>();
    events.forEach(all::add);
    return all;
  }

  protected static List<String> texts(List<byte[]> events) {
    return events.stream().map(e -> new String(e, StandardCharsets.UTF_8)).toList();
  }

  protected final List<String> log(ResponseId id) {
    return texts(store().readLog(id, -1, Integer.MAX_VALUE).events());
  }

  protected final StoredResponse find(ResponseId id) {
    return store().find(id).orElseThrow();
  }

  /** The chain that ends in this response, however large. */
  protected final List<ChainLink> chain(ResponseId id) {
    return ((Chain.Links) store().chain(id, Long.MAX_VALUE)).links();
  }

  protected static List<String> idsOf(List<StoredResponse> responses) {
    return responses.stream().map(r -> r.id().value()).toList();
  }

  protected static List<String> valuesOf(ResponseId... ids) {
    return Arrays.stream(ids).map(ResponseId::value).toList();
  }

  /** Waits for a future; a failure comes out as it is. */
  protected static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(30, TimeUnit.SECONDS).join();
  }
}
