package antiphon.store.sqlite;

import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.Claimed;
import antiphon.core.store.NewResponse;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoredResponse;
import antiphon.protocol.response.ServiceTier;
import antiphon.protocol.response.Usage;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * A process that opens a store and writes to it until it is killed. Prints {@code id number} for
 * each event as soon as its future has completed.
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
      for (Claimed claimed : store.claim("child", 1, LEASE)) {
        runOn(store, claimed.response(), out);
      }
    }
  }

  private static void runOn(SqliteStore store, StoredResponse row, PrintStream out) {
    RunKey run = new RunKey(row.id(), row.epoch());
    for (long number = row.nextSequence(); number < 20; number++) {
      var append = new Append(run, number, List.of(event(number)), Usage.ZERO);
      if (store.append(append).join() != AppendOutcome.DONE) {
        throw new IllegalStateException("nobody else runs " + row.id());
      }
      out.println(row.id() + " " + number);
    }
  }

  private static NewResponse response(ResponseId id) {
    byte[] empty = event(0);
    return new NewResponse(
        id,
        Delivery.BACKGROUND,
        System.currentTimeMillis(),
        ServiceTier.AUTO,
        "e",
        "m",
        null,
        empty,
        empty,
        empty,
        "",
        LEASE,
        null,
        List.of(event(0)));
  }

  static byte[] event(long number) {
    return ("{\"sequence_number\":" + number + "}").getBytes(StandardCharsets.UTF_8);
  }
}
