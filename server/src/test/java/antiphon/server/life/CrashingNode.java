package antiphon.server.life;

import antiphon.core.store.ResponseStore;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.StoreSettings;
import antiphon.server.wiring.Storage;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node in a process of its own that runs {@link FiveSteps} and dies, as {@code kill -9} has it,
 * at one of its writes. Arguments: the address of the database or the folder of one in a file; the
 * file for the effects; at which point to die: 2n before the n-th write, 2n+1 when it is durable.
 */
final class CrashingNode {

  /** What it says when it comes to the end without having died. */
  static final int SURVIVED = 7;

  private static final Set<String> WRITES = Set.of("insert", "append", "end", "park", "claim");

  private CrashingNode() {}

  public static void main(String[] args) {
    boolean address = args[0].startsWith("postgres");
    Storage plain =
        Storage.open(
            new StoreSettings(address ? args[0] : null, null, 30, 24),
            new DataFolder(Path.of(address ? "unused" : args[0])));
    Storage storage =
        new Storage(
            dying(plain.responses(), Integer.parseInt(args[2])),
            plain.conversations(),
            plain.keys(),
            plain.signals());
    Node node =
        new Node(
            storage, Node.settings(8, 100), FiveSteps.engine(), FiveSteps.tools(Path.of(args[1])));
    String id = node.post("/responses", FiveSteps.REQUEST).text("/id");
    System.out.println(id);
    System.out.flush();
    Await.until("the end", () -> node.get("/responses/" + id).text("/status").equals("completed"));
    Runtime.getRuntime().halt(SURVIVED);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the store's caller gets it
  private static ResponseStore dying(ResponseStore store, int point) {
    AtomicInteger writes = new AtomicInteger();
    return InterceptedStore.of(
        store,
        (method, plainly) -> {
          if (!WRITES.contains(method)) {
            return plainly.get();
          }
          int n = writes.getAndIncrement();
          dieAt(2 * n, point);
          Object result = plainly.get();
          if (result instanceof CompletableFuture<?> future) {
            return future.thenApply(done -> {
              dieAt(2 * n + 1, point);
              return done;
            });
          }
          dieAt(2 * n + 1, point);
          return result;
        });
  }

  private static void dieAt(int here, int point) {
    if (here == point) {
      Runtime.getRuntime().halt(9);
    }
  }
}
