package antiphon.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.response.ResponseId;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.core.store.StoreException;
import antiphon.protocol.response.ResponseStatus;
import antiphon.store.sql.Parking;
import antiphon.store.sql.commit.Database;
import antiphon.testkit.store.StoreFixture;
import antiphon.testkit.store.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A PostgreSQL that goes away, breaks connections, or keeps silent. */
final class PostgresFaultTest extends StoreFixture {

  private final Parking parking = new Parking();
  private final TcpProxy proxy = Server.proxy();

  @AfterEach
  void stopProxy() throws Exception {
    proxy.close();
  }

  @Override
  protected ResponseStore open() throws Exception {
    var options =
        new PostgresOptions(
            "postgresql://postgres@127.0.0.1:" + proxy.port() + "/postgres",
            new Database.Threads(2, 2, 2),
            Duration.ofSeconds(2),
            parking,
            parking.between());
    PostgresStore store = PostgresStore.open(options);
    Server.empty();
    return store;
  }

  @Test
  void callsFailWhileItIsGoneAndWorkAgainAfterwards() {
    RunKey run = running(ACCOUNT);
    proxy.refuse();

    assertThatThrownBy(() -> append(run, 2, 1)).hasCauseInstanceOf(StoreException.class);
    assertThatThrownBy(() -> find(run.id())).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store().claim("n1", 1, LONG)).isInstanceOf(StoreException.class);
    proxy.flow();

    appendUntilDone(run, 2);
    assertThat(log(run.id())).hasSize(3);
  }

  @Test
  void aBreakIsNotNoticedByThoseWhoCallAfterIt() {
    RunKey run = running(ACCOUNT);
    for (int i = 0; i < 5; i++) {
      proxy.cut();
      assertThat(append(run, 2 + i, 1)).isEqualTo(AppendOutcome.DONE);
      assertThat(find(run.id()).nextSequence()).isEqualTo(3 + i);
    }
  }

  @Test
  void logsStayWholeHoweverOftenConnectionsBreak() throws Exception {
    List<RunKey> runs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      runs.add(running(ACCOUNT));
    }
    var left = new AtomicInteger(runs.size());
    List<Thread> writers = new ArrayList<>();
    for (RunKey run : runs) {
      writers.add(
          Thread.startVirtualThread(() -> {
            for (int n = 0; n < 100; n++) {
              appendUntilDone(run, 2 + n);
            }
            left.decrementAndGet();
          }));
    }
    while (left.get() > 0) {
      try (Connection connection = Server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                + " AND application_name = 'antiphon' AND random() < 0.5");
      }
      LockSupport.parkNanos(30_000_000);
    }
    for (Thread writer : writers) {
      writer.join();
    }
    for (RunKey run : runs) {
      assertThat(log(run.id())).isEqualTo(texts(events(0, 102)));
    }
  }

  private void appendUntilDone(RunKey run, long number) {
    while (true) {
      try {
        assertThat(append(run, number, 1)).isEqualTo(AppendOutcome.DONE);
        return;
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(StoreException.class);
      }
    }
  }

  @Test
  void aNodeThatStopsInTheMiddleKeepsNobodyFromTheRow() {
    RunKey run = running(ACCOUNT);
    parking.park(Parking.Point.EXECUTED, "append");
    var stuck = store().append(appendOf(run, 2, 1));
    parking.awaitParked();

    try (PostgresStore other = PostgresStore.open(Server.url())) {
      EndOutcome cancelled =
          other.endFromLog(run.id(), log -> planned(log, ResponseStatus.CANCELLED));
      assertThat(cancelled).isInstanceOf(EndOutcome.Won.class);
    }
    parking.release();
    assertThat(get(stuck)).isEqualTo(AppendOutcome.FENCED);
    assertThat(log(run.id())).isEqualTo(texts(events(0, 4)));
  }

  @Test
  void aRowThatAnotherHoldsIsWaitedFor() throws Exception {
    ResponseId id = insert(background(id(ACCOUNT)));
    ResponseId next = insert(background(id(ACCOUNT)));
    try (Connection holder = Server.connect();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("SELECT 1 FROM responses WHERE id = '" + id + "' FOR UPDATE");
      assertThat(store().claim("n1", 1, LONG))
          .as("passes over the one that is held")
          .extracting(c -> c.response().id())
          .containsExactly(next);
      statement.execute("UPDATE responses SET metadata_version = 5 WHERE id = '" + id + "'");
      var planned = new AtomicInteger();
      Thread cancel =
          Thread.startVirtualThread(() ->
              store()
                  .endFromLog(
                      id,
                      log -> {
                        planned.set((int) log.response().metadataVersion());
                        throw new IllegalStateException("seen");
                      }));
      PostgresRaceTest.awaitLockWait();
      holder.commit();
      cancel.join();
      assertThat(planned).as("the version it saw").hasValue(5);
    }
    assertThat(claimed(id, "n1").epoch()).isEqualTo(1);
  }

  @Test
  void theSchemaIsThereForNodesThatStartTogether() throws Exception {
    try (Connection connection = Server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE fresh");
    }
    List<PostgresStore> nodes = Collections.synchronizedList(new ArrayList<>());
    List<Thread> starting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starting.add(
          Thread.startVirtualThread(() -> nodes.add(PostgresStore.open(Server.url("fresh")))));
    }
    for (Thread start : starting) {
      start.join();
    }
    assertThat(nodes).hasSize(4);
    assertThat(nodes).allSatisfy(node -> assertThat(node.queued()).isZero());
    nodes.forEach(PostgresStore::close);
  }

  @Test
  void anAddressThatLeadsNowhereIsNamedWithoutThePassword() {
    String url = "postgresql://me:secret@127.0.0.1:1/none";
    var options = new PostgresOptions(url, new Database.Threads(1, 1, 1), Duration.ofMillis(300));

    assertThatThrownBy(() -> PostgresStore.open(options))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("127.0.0.1:1/none")
        .hasMessageNotContaining("secret");
    assertThat(options.toString()).doesNotContain("secret");
  }

  @Test
  void theServerIsAsDurableAsInEarnest() throws SQLException {
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      try (Connection connection = Server.connect();
          Statement statement = connection.createStatement();
          var row = statement.executeQuery("SHOW " + setting)) {
        row.next();
        assertThat(row.getString(1)).as(setting).isEqualTo("on");
      }
    }
  }
}
