package antiphon.store.sqlite;

import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.NewResponse;
import antiphon.core.store.RunKey;
import antiphon.protocol.response.ServiceTier;
import antiphon.protocol.response.Usage;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * A process that opens a store and writes to it until it is killed. Prints {@code id number} for each
 * event as soon as its future has completed.
 */
final class ChildServer {

  private static final int WRITERS = 16;
  private static final Duration LEASE = Duration.ofMinutes(10);

  private ChildServer() {}

  public static void main(String[] args) throws InterruptedException {
    try (SqliteStore store = SqliteStore.open(Path.of(args[0]))) {
      System.out.println("open");
      for (int i = 0; i < WRITERS; i++) {
        Thread.ofPlatform().start(() -> write(store, System.out));
      }
      Thread.currentThread().join();
    }
  }

  private static void write(SqliteStore store, PrintStream out) {
    var ids = new Ids(InstantSource.system());
    while (true) {
      var id = new ResponseId(Owner.account("acme"), ids.response());
      store.insert(response(id)).join();
      out.println(id + " 0");
      store.claim("child", 1, LEASE);
      for (int number = 1; number < 20; number++) {
        var append =
            new Append(
                new RunKey(id, 1), number, List.of(event(number)), new Usage(0, 0, number, 0));
        store.append(append).join();
        out.println(id + " " + number);
      }
    }
  }

  private static NewResponse response(ResponseId id) {
    byte[] empty = event(0);
    return new NewResponse(
        id,
        true,
        System.currentTimeMillis(),
        ServiceTier.AUTO,
        "m",
        null,
        empty,
        empty,
        empty,
        "",
        LEASE,
        List.of(event(0)));
  }

  static byte[] event(int number) {
    return ("{\"sequence_number\":" + number + "}").getBytes(StandardCharsets.UTF_8);
  }
}
