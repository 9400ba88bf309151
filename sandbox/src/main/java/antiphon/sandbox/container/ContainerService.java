package antiphon.sandbox.container;

import antiphon.core.api.Containers;
import antiphon.core.container.ContainerFile;
import antiphon.core.container.ContainerId;
import antiphon.core.container.ContainerStore;
import antiphon.core.container.MemoryLimit;
import antiphon.core.container.NewContainer;
import antiphon.core.container.StoredContainer;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.core.sandbox.Readiness;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.sandbox.Sandboxes;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The containers of this node, and what the store knows of all others. */
public final class ContainerService implements Containers, AutoCloseable {

  private static final int LONGEST_NAME = 256;
  private static final int MOST_FILES = 50;

  private final ContainerSettings settings;
  private final String node;
  private final ContainerStore store;
  private final Sandboxes sandboxes;
  private final long usualMemory;
  private final Ids ids;
  private final LiveContainers live;
  private final FileMover mover;
  private final ContainerKeeper keeper;

  /**
   * @param node this node's name; no other node has or had it
   * @param usualMemory of a container that nothing else was asked for, in bytes
   */
  public ContainerService(
      ContainerSettings settings,
      String node,
      ContainerStore store,
      Sandboxes sandboxes,
      long usualMemory,
      FileSource files) {
    this.settings = settings;
    this.node = node;
    this.store = store;
    this.sandboxes = sandboxes;
    this.usualMemory = usualMemory;
    this.ids = new Ids(store.clock());
    this.live = new LiveContainers(settings.mostPerTenant());
    this.mover = new FileMover(this, files, settings.maxFileBytes());
    this.keeper = new ContainerKeeper(settings, node, store, live, this::end);
  }

  /** Begins to end containers that nobody uses. */
  public void start() {
    keeper.start();
  }

  @Override
  public long maxFileBytes() {
    return settings.maxFileBytes();
  }

  /** Whether there can be any here. */
  public Readiness readiness() {
    return sandboxes.readiness();
  }

  /** The largest memory that a container may be given, in bytes. */
  public long maxMemory() {
    return sandboxes.maxMemory();
  }

  @Override
  public Shown create(Owner owner, NewContainer wish) throws InterruptedException {
    check(wish);
    StoredContainer made = add(newId(owner), wish, false);
    try {
      for (String fileId : wish.fileIds()) {
        mover.copy(made.id(), fileId);
      }
    } catch (RuntimeException | InterruptedException e) {
      delete(made.id());
      throw e;
    }
    return new Shown(made, true);
  }

  /** An id for a container that is made later, or never. */
  public ContainerId newId(Owner owner) {
    return new ContainerId(owner, ids.next(ContainerId.PREFIX));
  }

  /**
   * Makes a container for a response that only asked for some.
   *
   * @param id of {@link #newId}
   */
  public void createAutomatic(ContainerId id, NewContainer wish) throws InterruptedException {
    add(id, wish, true);
    for (String fileId : wish.fileIds()) {
      mover.copy(id, fileId);
    }
  }

  /**
   * The container that an owner's response or conversation has used last on this node.
   *
   * @param key names it, and the kind of use
   */
  public Optional<ContainerId> with(Owner owner, String key) {
    LiveContainer container = live.with(owner, key);
    return container == null || container.lost() ? Optional.empty() : Optional.of(container.id());
  }

  private void check(NewContainer wish) {
    if (sandboxes.readiness() instanceof Readiness.Off) {
      throw Rejected.invalid("name", "This server has no sandboxes, and so no containers.");
    }
    if (wish.name().isBlank() || wish.name().length() > LONGEST_NAME) {
      throw Rejected.invalid("name", "Invalid 'name': must have 1 to 256 characters.");
    }
    @Nullable Integer minutes = wish.idleMinutes();
    if (minutes != null && (minutes < 1 || minutes > settings.mostIdleMinutes())) {
      throw Rejected.invalid(
          "expires_after.minutes",
          "Invalid 'expires_after.minutes': must be between 1 and "
              + settings.mostIdleMinutes()
              + ".");
    }
    if (wish.memory() != null && wish.memory() > sandboxes.maxMemory()) {
      throw Rejected.invalid(
          "memory_limit",
          "Invalid 'memory_limit': this server has "
              + MemoryLimit.upTo(sandboxes.maxMemory())
              + ".");
    }
    if (wish.fileIds().size() > MOST_FILES) {
      throw Rejected.invalid("file_ids", "Invalid 'file_ids': at most " + MOST_FILES + ".");
    }
  }

  private StoredContainer add(ContainerId id, NewContainer wish, boolean automatic) {
    long now = store.clock().millis();
    int minutes = wish.idleMinutes() == null ? settings.idleMinutes() : wish.idleMinutes();
    long memory = wish.memory() == null ? usualMemory : wish.memory();
    var container = new LiveContainer(id, memory, minutes * 60_000L, automatic, now);
    if (!live.add(container)) {
      LiveContainer idlest = live.idlest(id.owner().tenant()).orElseThrow(Problems::tooMany);
      end(idlest.id(), "another one was needed");
      if (!live.add(container)) {
        throw Problems.tooMany();
      }
    }
    var row =
        new StoredContainer(
            id,
            wish.name(),
            node,
            now,
            now,
            minutes,
            memory,
            now + settings.lease().toMillis(),
            null,
            null);
    try {
      store.add(row);
    } catch (RuntimeException e) {
      live.remove(id);
      throw e;
    }
    return row;
  }

  /** Ends a container, for the store to tell. */
  void end(ContainerId id, String why) {
    LiveContainer container = live.remove(id);
    if (container != null) {
      container.close();
    }
    store.end(id, why);
  }

  @Override
  public Shown get(ContainerId id) {
    return shown(find(id));
  }

  private StoredContainer find(ContainerId id) {
    return store.find(id).orElseThrow(() -> Problems.noContainer(id.value()));
  }

  private Shown shown(StoredContainer container) {
    return new Shown(container, running(container));
  }

  private boolean running(StoredContainer container) {
    return container.running(store.clock().millis())
        && (!container.node().equals(node) || live.get(container.id()) != null);
  }

  @Override
  public Page<Shown> list(Owner owner, PageRequest page) {
    Page<StoredContainer> found =
        store
            .list(owner, page)
            .orElseThrow(() ->
                Rejected.invalid(
                    page.after() != null ? "after" : "before",
                    "The list has no entry with this id."));
    return new Page<>(found.data().stream().map(this::shown).toList(), found.hasMore());
  }

  @Override
  public void delete(ContainerId id) {
    LiveContainer container = live.remove(id);
    if (container != null) {
      container.close();
    }
    if (!store.delete(id)) {
      throw Problems.noContainer(id.value());
    }
  }

  /**
   * Whether an owner's container can be used from here, told as a client is told.
   *
   * @return empty if it can
   */
  public Optional<Problem> unusable(ContainerId id) {
    try {
      live(id);
      return Optional.empty();
    } catch (Rejected rejected) {
      return Optional.of(rejected.problem());
    }
  }

  private LiveContainer live(ContainerId id) {
    LiveContainer container = live.get(id);
    if (container != null && !container.lost()) {
      return container;
    }
    if (container != null) {
      end(id, "its sandbox has ended");
    }
    StoredContainer row = find(id);
    long now = store.clock().millis();
    if (row.running(now) && !row.node().equals(node)) {
      throw Problems.elsewhere(id.value());
    }
    throw Problems.expired(
        id.value(), row.running(now) ? "the server that had it has stopped" : row.why(now));
  }

  /**
   * Uses a container's sandbox. It does not expire meanwhile.
   *
   * @throws Rejected if it is not the owner's, has expired, or there is no room for its sandbox
   * @throws SandboxException if its sandbox has ended; the container has, too, then
   */
  public <T> T use(ContainerId id, Use<T> use) throws InterruptedException, SandboxException {
    LiveContainer container = live(id);
    container.enter(store.clock().millis());
    try {
      makeRoom(container);
      return use.with(container, container.sandbox(sandboxes));
    } finally {
      container.leave(store.clock().millis());
      if (container.lost()) {
        end(id, "its sandbox has ended");
      } else {
        keeper.touched(id);
      }
    }
  }

  /** All sandboxes may be taken by containers that nobody will ask for again. */
  private void makeRoom(LiveContainer container) throws InterruptedException {
    for (int tries = 0; tries < 2; tries++) {
      try {
        container.sandbox(sandboxes);
        return;
      } catch (SandboxException e) {
        Optional<LiveContainer> idlest = live.idlest();
        if (e.kind() != SandboxException.Kind.UNAVAILABLE || idlest.isEmpty()) {
          throw Problems.of(e);
        }
        end(idlest.get().id(), "another one was needed");
      }
    }
  }

  /** The files of a container. */
  public List<ContainerFile> filesOf(LiveContainer container)
      throws InterruptedException, SandboxException {
    return container.files(sandboxes);
  }

  @Override
  public Upload upload(ContainerId id, String name) {
    return mover.upload(live(id).id(), name);
  }

  @Override
  public ContainerFile copy(ContainerId id, String fileId) throws InterruptedException {
    return mover.copy(live(id).id(), fileId);
  }

  @Override
  public List<ContainerFile> files(ContainerId id) throws InterruptedException {
    LiveContainer container = live(id);
    try {
      return container.files(sandboxes);
    } catch (SandboxException e) {
      throw Problems.of(e);
    }
  }

  @Override
  public ContainerFile file(ContainerId id, String fileId) throws InterruptedException {
    return files(id).stream()
        .filter(file -> file.id().equals(fileId))
        .findFirst()
        .orElseThrow(() -> Problems.noFile(fileId));
  }

  @Override
  public byte[] read(ContainerId id, ContainerFile file, long offset) throws InterruptedException {
    return mover.read(id, file, offset);
  }

  @Override
  public void deleteFile(ContainerId id, String fileId) throws InterruptedException {
    ContainerFile file = file(id, fileId);
    mover.delete(id, file);
  }

  @Override
  public void close() {
    keeper.close();
    live.list().parallelStream().forEach(LiveContainer::close);
    store.leave(node, "the server that had it has stopped");
  }

  /** What is done with a sandbox. */
  @FunctionalInterface
  public interface Use<T> {
    /** Does it. */
    T with(LiveContainer container, antiphon.core.sandbox.Sandbox sandbox)
        throws InterruptedException, SandboxException;
  }
}
