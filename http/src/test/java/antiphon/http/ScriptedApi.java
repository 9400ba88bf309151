package antiphon.http;

import antiphon.core.api.Created;
import antiphon.core.api.EventReader;
import antiphon.core.api.Keys;
import antiphon.core.api.Models;
import antiphon.core.api.Responses;
import antiphon.core.engine.EngineModel;
import antiphon.core.key.KeyRights;
import antiphon.core.key.Principal;
import antiphon.core.key.Scope;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.ApiKey;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.protocol.item.Item;
import antiphon.protocol.request.CompactResponse;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Compacted;
import antiphon.protocol.response.ServiceTier;
import antiphon.protocol.response.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Operations that do what a test tells them, and remember what they were asked. */
final class ScriptedApi implements Responses {

  static final String KEY = "sk-test-1";
  static final String SNAPSHOT = "{\"id\":\"resp_1\",\"object\":\"response\"}";

  /** What a create does. */
  interface Creating {
    Created create(Owner owner, CreateResponse request) throws InterruptedException;
  }

  final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  final CopyOnWriteArrayList<Owner> owners = new CopyOnWriteArrayList<>();
  final AtomicReference<Creating> creating =
      new AtomicReference<>((_, _) -> new ScriptedRun().finish(SNAPSHOT, null));
  final AtomicReference<ScriptedReader> reading = new AtomicReference<>(new ScriptedReader());
  final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>(null);
  final AtomicReference<byte[]> snapshot = new AtomicReference<>(bytes(SNAPSHOT));
  final AtomicReference<Page<byte[]>> page =
      new AtomicReference<>(new Page<>(List.of(bytes(SNAPSHOT)), false));

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Each create gives this run. */
  void runs(ScriptedRun run) {
    creating.set((_, _) -> run);
  }

  private void ask(String what, Owner owner) {
    asked.add(what);
    owners.add(owner);
    RuntimeException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  public Created create(Owner owner, CreateResponse request, @Nullable String idempotencyKey)
      throws InterruptedException {
    ask("create " + request.model(), owner);
    return creating.get().create(owner, request);
  }

  @Override
  public Compacted compact(Owner owner, CompactResponse request) {
    return new Compacted("resp_compacted", 1, List.of(), Usage.ZERO);
  }

  @Override
  public int countInputTokens(Owner owner, CreateResponse request) {
    ask("count " + request.model(), owner);
    return 42;
  }

  @Override
  public byte[] get(ResponseId id) {
    ask("get " + id, id.owner());
    return snapshot.get();
  }

  @Override
  public EventReader events(ResponseId id, long startingAfter) {
    ask("events " + id + " after " + startingAfter, id.owner());
    return reading.get();
  }

  @Override
  public byte[] cancel(ResponseId id) {
    ask("cancel " + id, id.owner());
    return snapshot.get();
  }

  @Override
  public Instant wake(ResponseId id, String input) {
    ask("wake " + id.value() + " " + input, id.owner());
    return Instant.ofEpochSecond(1_700_000_000);
  }

  @Override
  public byte[] update(ResponseId id, Map<String, String> metadata) {
    ask("update " + id + " " + metadata, id.owner());
    return snapshot.get();
  }

  @Override
  public void delete(ResponseId id) {
    ask("delete " + id, id.owner());
  }

  @Override
  public Page<byte[]> list(Owner owner, PageRequest request) {
    ask("list " + request, owner);
    return page.get();
  }

  @Override
  public Page<Item> inputItems(ResponseId id, PageRequest request) {
    ask("items of " + id + " " + request, id.owner());
    return new Page<>(List.of(), false);
  }

  /** Two models, one with a name that needs care in a path. */
  static final class TwoModels implements Models {
    @Override
    public List<EngineModel> list() {
      return List.of(
          new EngineModel("small", 1, "somebody", 8192), new EngineModel("a/b c", 2, "x", null));
    }

    @Override
    public Optional<EngineModel> find(String id) {
      return list().stream().filter(model -> model.id().equals(id)).findFirst();
    }
  }

  /** Two keys of two accounts. */
  static final class TwoKeys implements Keys {
    private final Set<Runnable> watches = ConcurrentHashMap.newKeySet();

    /** Both keys are revoked, as far as the calls under way are concerned. */
    void revoked() {
      watches.forEach(Runnable::run);
    }

    @Override
    public Optional<Principal> authenticate(String key) {
      return switch (key) {
        case KEY -> Optional.of(holder("t1", KeyRights.ALL));
        case "sk-test-2" -> Optional.of(holder("t2", KeyRights.ALL));
        case "sk-test-reads" ->
            Optional.of(
                holder(
                    "t1", new KeyRights(Set.of(Scope.of("responses.read")), ServiceTier.PRIORITY)));
        case "sk-test-slow" ->
            Optional.of(holder("t1", new KeyRights(Set.of(), ServiceTier.DEFAULT)));
        default -> Optional.empty();
      };
    }

    private static Principal holder(String tenant, KeyRights rights) {
      return new Principal(new Owner(tenant, null), "key_" + tenant, rights);
    }

    @Override
    public NewKey create(String tenant, String label, KeyRights rights) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ApiKey adopt(String tenant, String label, String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ApiKey> list() {
      return List.of();
    }

    @Override
    public boolean revoke(String id) {
      return false;
    }

    @Override
    public Watch watch(String key, Runnable whenRevoked) {
      watches.add(whenRevoked);
      return () -> watches.remove(whenRevoked);
    }
  }
}
