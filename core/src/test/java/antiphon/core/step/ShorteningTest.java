package antiphon.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Route;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.protocol.item.Items;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is left of a conversation that is too long. */
class ShorteningTest {

  private static final String CONVERSATION =
      """
      [{"type":"message","role":"developer","content":"rules"},
       {"type":"message","role":"user","content":"one"},
       {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
       {"type":"function_call_output","call_id":"c","output":"result"},
       {"type":"message","role":"user","content":"two"},
       {"type":"message","role":"assistant","content":"answer"},
       {"type":"message","role":"user","content":"three"},
       {"type":"message","role":"user","content":"four"}]\
      """;

  @Test
  void asMuchAsTheTokenizerLetsFit() throws Exception {
    // Ten tokens an item: 50 less an eighth for the answer hold four items.
    Turn shorter = shorter(turn(CONVERSATION, ""), route(10, 50));
    assertThat(texts(shorter)).containsExactly("rules", "three", "four");
    Turn roomier = shorter(turn(CONVERSATION, ""), route(10, 60));
    assertThat(texts(roomier)).containsExactly("rules", "two", "answer", "three", "four");
  }

  @Test
  void theTokensThatWereAskedForAreKeptFree() throws Exception {
    String limit = ",\"max_output_tokens\":40";
    Turn shorter = shorter(turn(CONVERSATION, limit), route(10, 60));
    assertThat(texts(shorter)).containsExactly("rules", "four");
  }

  @Test
  void withoutATokenizerAboutAQuarterGoesEachTime() throws Exception {
    Turn first = shorter(turn(CONVERSATION, ""), route(0, 50));
    assertThat(texts(first)).doesNotContain("one").contains("rules", "four");
    Turn next = shorter(first, route(0, 50));
    assertThat(texts(next)).hasSizeLessThan(texts(first).size()).contains("rules", "four");
  }

  @Test
  void theLastTurnStaysWhole() throws Exception {
    String one = "[{\"type\":\"message\",\"role\":\"user\",\"content\":\"only\"}]";
    assertThat(Shortening.shorter(turn(one, ""), route(100, 10))).isNull();
  }

  @Test
  void whatHoldsOnStays() throws Exception {
    String brought =
        """
        [{"type":"message","role":"user","content":"one"},
         {"type":"additional_tools","role":"developer","tools":[{"type":"function","name":"f"}]},
         {"type":"configuration_update","reasoning":{"effort":"low"}},
         {"type":"message","role":"user","content":"two"}]\
        """;
    Turn shorter = shorter(turn(brought, ""), route(0, 50));
    assertThat(shorter.items())
        .extracting(item -> item.type())
        .containsExactly("additional_tools", "configuration_update", "message");
  }

  private static Turn shorter(Turn turn, Route route) throws Exception {
    return Objects.requireNonNull(Shortening.shorter(turn, route));
  }

  private static List<String> texts(Turn turn) {
    return turn.items().stream()
        .map(Json::toTree)
        .filter(tree -> tree.has("content"))
        .map(tree -> tree.get("content").asString())
        .toList();
  }

  private static Turn turn(String items, String more) {
    String request = "{\"model\":\"m\",\"input\":\"\"" + more + "}";
    return new Turn(
        Json.read(request.getBytes(StandardCharsets.UTF_8), CreateResponse.class),
        "m",
        Items.list(items.getBytes(StandardCharsets.UTF_8)),
        null);
  }

  /** An engine that counts so many tokens an item; 0 counts none. */
  private static Route route(int each, int contextLength) {
    return Route.to(new Counting(each), new EngineModel("m", 0, "tests", contextLength));
  }

  private record Counting(int each, AtomicInteger asked) implements Engine {
    private Counting(int each) {
      this(each, new AtomicInteger());
    }

    @Override
    public Optional<Integer> countInputTokens(Turn turn) {
      asked.incrementAndGet();
      return each == 0 ? Optional.empty() : Optional.of(each * turn.items().size());
    }

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public List<EngineModel> models() {
      return List.of();
    }

    @Override
    public Optional<Refusal> refuses(Turn turn) {
      return Optional.empty();
    }

    @Override
    public TurnResult generate(Turn turn, PieceSink sink) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int concurrency() {
      return 1;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
