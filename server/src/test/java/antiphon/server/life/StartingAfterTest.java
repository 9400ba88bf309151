package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.LogPage;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Retention;
import antiphon.server.life.Node.Answer;
import antiphon.testkit.engine.ScriptedEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever number a reader begins behind, it gets what comes after it and nothing else. */
class StartingAfterTest {

  private static final Stores STORES = new Stores();
  private static final int WORDS = 300;
  private static final List<Long> EDGES =
      List.of(
          0L,
          255L,
          256L,
          257L,
          (1L << 31) - 1,
          1L << 31,
          3_000_000_000L,
          1L << 32,
          1L << 62,
          (1L << 62) + 1,
          Long.MAX_VALUE - 256,
          Long.MAX_VALUE - 1,
          Long.MAX_VALUE);

  @AfterAll
  static void stop() {
    STORES.close();
  }

  private static String path(String id, long after) {
    return "/responses/" + id + "?stream=true&starting_after=" + after;
  }

  private static List<Long> numbers(int size) {
    List<Long> numbers = new ArrayList<>(EDGES);
    numbers.addAll(List.of(size - 2L, size - 1L, (long) size, size + 1L));
    return numbers;
  }

  private static List<String> rest(List<String> whole, long after) {
    return whole.subList((int) Math.min(after, whole.size() - 1) + 1, whole.size());
  }

  @ParameterizedTest
  @EnumSource
  void whileItRunsAndAfterItsEndAndWhenItsEventsAreGone(Stores.Kind kind) {
    Gate gate = new Gate(WORDS);
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(gate.script()))) {
      Node node = opened.node();
      String id =
          node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\",\"background\":true}")
              .text("/id");
      int size = 3 + 2 + WORDS + 3 + 1;
      Map<Long, CompletableFuture<List<String>>> readers = new LinkedHashMap<>();
      gate.pass(1);
      Await.until("it runs", () -> !node.get("/responses/" + id).text("/output_text").isEmpty());
      for (long after : numbers(size)) {
        readers.put(
            after,
            CompletableFuture.supplyAsync(
                () -> node.events(path(id, after)), Thread::startVirtualThread));
      }
      gate.pass(WORDS);
      Await.until(
          "its end", () -> node.get("/responses/" + id).text("/status").equals("completed"));

      List<String> whole = node.events("/responses/" + id + "?stream=true");
      assertThat(whole).hasSize(size);
      readers.forEach((after, read) ->
          assertThat(read.join()).as("live, after %d", after).isEqualTo(rest(whole, after)));
      for (long after : numbers(size)) {
        assertThat(node.events(path(id, after)))
            .as("stored, after %d", after)
            .isEqualTo(rest(whole, after));
      }
      expire(opened, id);
      for (long after : numbers(size)) {
        assertThat(node.events(path(id, after)))
            .as("expired, after %d", after)
            .isEqualTo(after < size - 1 ? List.of(whole.getLast()) : List.of());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofOneThatNobodyFollowed(Stores.Kind kind) {
    Gate gate = new Gate(3);
    gate.pass(6);
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(gate.script()))) {
      Node node = opened.node();
      String id = node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}").text("/id");
      String other = node.post("/responses", "{\"model\":\"auto\",\"input\":\"x\"}").text("/id");
      assertThat(node.events(path(id, Long.MAX_VALUE))).isEmpty();
      List<String> whole = node.events("/responses/" + id + "?stream=true");
      for (long after : numbers(whole.size())) {
        assertThat(node.events(path(id, after))).isEqualTo(rest(whole, after));
      }
      expire(opened, id, other);
      for (String one : List.of(id, other)) {
        assertThat(node.events(path(one, 0)))
            .singleElement()
            .asString()
            .contains("response.completed", "\"sequence_number\":" + (whole.size() - 1) + ",", one);
        assertThat(node.events(path(one, whole.size() - 1))).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoNumberIsRefusedByName(Stores.Kind kind) {
    try (Stores.Opened opened = STORES.open(kind, new ScriptedEngine(new Gate(1).script()))) {
      for (String bad :
          List.of(
              "-2",
              "-9223372036854775808",
              "9223372036854775808",
              "1.5",
              "x",
              "1e3",
              "+1",
              "%00")) {
        Answer answer = opened.node().get("/responses/resp_1?stream=true&starting_after=" + bad);
        assertThat(answer.status()).as(bad).isEqualTo(400);
        assertThat(answer.text("/error/param")).isEqualTo("starting_after");
      }
    }
  }

  /** As the retention does after a day. */
  private static void expire(Stores.Opened opened, String... ids) {
    ResponseStore store = opened.storage().responses();
    Retention logs = new Retention(Duration.ofDays(1), Duration.ZERO);
    for (String id : ids) {
      Await.until(
          "expired",
          () -> {
            while (store.purge(logs, 1000) > 0) {}
            ResponseId response = new ResponseId(Owner.account("tests"), id);
            return store.readLog(response, -1, 1).rest() == LogPage.Rest.EXPIRED;
          });
    }
  }
}
