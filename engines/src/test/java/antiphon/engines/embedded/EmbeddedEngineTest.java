package antiphon.engines.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.core.response.Problem;
import antiphon.protocol.item.FunctionCall;
import antiphon.protocol.item.FunctionCallOutput;
import antiphon.protocol.item.Item;
import antiphon.protocol.item.ItemStatus;
import antiphon.protocol.item.Message;
import antiphon.protocol.item.ToolOutput;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Usage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class EmbeddedEngineTest {

  private static final int CONTEXT = 512;
  private static final String WEATHER =
      "'tools':[{'type':'function','name':'weather','description':'The weather of a city',"
          + "'parameters':{'type':'object','properties':{'city':{'type':'string','maxLength':20},"
          + "'days':{'type':'integer','minimum':1,'maximum':7}},'required':['city','days'],"
          + "'additionalProperties':false}},"
          + "{'type':'custom','name':'note','description':'Keeps a note'}]";

  private @Nullable EmbeddedEngine opened;

  @BeforeAll
  void open() throws EmbeddedEngineException {
    opened = EmbeddedEngine.open(TestModel.file(), new EmbeddedSettings(2, 1, CONTEXT));
  }

  @AfterAll
  void close() {
    engine().close();
  }

  private EmbeddedEngine engine() {
    return java.util.Objects.requireNonNull(opened);
  }

  private static Turn turn(String fields, List<Item> items, @Nullable String continuation) {
    String json = "{'model':'m','temperature':0," + fields + "}";
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return new Turn(Json.read(bytes, CreateResponse.class), "m", items, continuation);
  }

  private static Turn turn(String fields, String user) {
    return turn(fields, List.of(Message.user(user)), null);
  }

  private record Run(List<Piece> pieces, TurnResult result) {
    String text() {
      return pieces.stream()
          .map(piece -> piece instanceof Piece.Text text ? text.delta() : "")
          .collect(Collectors.joining());
    }

    String arguments() {
      return pieces.stream()
          .map(piece -> piece instanceof Piece.ToolCallDelta delta ? delta.delta() : "")
          .collect(Collectors.joining());
    }

    List<Piece.ToolCall> calls() {
      List<Piece.ToolCall> calls = new ArrayList<>();
      pieces.forEach(piece -> {
        if (piece instanceof Piece.ToolCall call) {
          calls.add(call);
        }
      });
      return calls;
    }
  }

  private Run run(Turn turn) throws EngineException, InterruptedException {
    List<Piece> pieces = new ArrayList<>();
    return new Run(pieces, engine().generate(turn, pieces::add));
  }

  private static JsonNode json(String text) {
    return Json.tree(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aTurnStreamsItsTextAndTellsItsUsage() throws Exception {
    Turn turn = turn("'max_output_tokens':12", "Say hello.");
    Run run = run(turn);

    assertThat(run.text()).isNotBlank();
    assertThat(run.pieces()).filteredOn(Piece.Text.class::isInstance).hasSizeGreaterThan(3);
    assertThat(run.result().reason()).isEqualTo(TurnResult.Reason.LENGTH);
    assertThat(run.result().usage().outputTokens()).isEqualTo(12);
    assertThat(engine().countInputTokens(turn)).contains(run.result().usage().inputTokens());
    assertThat(run.pieces().getLast()).isEqualTo(new Piece.UsageSoFar(run.result().usage()));
  }

  @Test
  void theModelIsNamedLikeItsFile() {
    assertThat(engine().models())
        .singleElement()
        .satisfies(model -> {
          assertThat(model.id()).isEqualTo("smollm2-135m-instruct.q4_1");
          assertThat(model.contextLength()).isEqualTo(CONTEXT);
        });
    assertThat(engine().concurrency()).isEqualTo(2);
  }

  @Test
  void logprobsComeWithTheText() throws Exception {
    Run run = run(turn("'max_output_tokens':4,'top_logprobs':2", "Say hello."));

    assertThat(run.pieces())
        .filteredOn(Piece.Text.class::isInstance)
        .allSatisfy(piece ->
            assertThat(((Piece.Text) piece).logprobs())
                .isNotEmpty()
                .allSatisfy(logprob -> {
                  assertThat(logprob.logprob()).isLessThanOrEqualTo(0);
                  assertThat(logprob.topLogprobs()).hasSize(2);
                }));
  }

  @Test
  void anInterruptedCallerStopsTheSequence() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Turn endless = turn("'max_output_tokens':400", "Count to a thousand.");
                engine().generate(endless, _ -> started.countDown());
              } catch (InterruptedException | EngineException e) {
                thrown.set(e);
              }
            });
    started.await();
    long began = System.nanoTime();
    caller.interrupt();
    caller.join();
    System.out.printf("interrupt to end: %.1f ms%n", (System.nanoTime() - began) / 1e6);

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(engine().load().active()).isZero();
  }

  @Test
  void aSinkThatIsInterruptedStopsTheSequence() {
    assertThatThrownBy(() ->
            engine()
                .generate(
                    turn("'max_output_tokens':400", "Count to a thousand."),
                    piece -> {
                      if (piece instanceof Piece.Text) {
                        throw new InterruptedException();
                      }
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(engine().load().active()).isZero();
  }

  @Test
  void anInputLongerThanTheContextIsRefusedWithNumbers() {
    Turn turn = turn("'truncation':'disabled'", "word ".repeat(600));

    assertThatThrownBy(() -> run(turn))
        .isInstanceOfSatisfying(
            EngineException.class,
            e ->
                assertThat(e.problem())
                    .isInstanceOfSatisfying(
                        Problem.Invalid.class,
                        problem -> {
                          assertThat(problem.param()).isEqualTo("input");
                          assertThat(problem.code()).isEqualTo("context_length_exceeded");
                          assertThat(problem.message())
                              .containsPattern("has 6\\d\\d tokens")
                              .contains("holds 512");
                        }));
  }

  @Test
  void truncationLeavesOutWholeOldTurns() throws Exception {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      items.add(Message.user("Question " + i + ": " + "word ".repeat(80)));
    }
    items.add(Message.user("Say hello."));
    Turn whole = turn("'truncation':'auto','max_output_tokens':2", items, null);
    Turn rest = turn("'max_output_tokens':2", items.subList(1, items.size()), null);
    Run run = run(whole);

    assertThat(engine().countInputTokens(whole).orElseThrow()).isGreaterThan(CONTEXT);
    assertThat(run.result().usage().inputTokens())
        .isLessThanOrEqualTo(CONTEXT - 2)
        .isEqualTo(engine().countInputTokens(rest).orElseThrow());
    assertThatThrownBy(() -> run(turn("'truncation':'auto'", "word ".repeat(600))))
        .isInstanceOf(EngineException.class);
  }

  @Test
  void aFormatIsKept() throws Exception {
    String schema =
        "'text':{'format':{'type':'json_schema','name':'person','strict':true,'schema':"
            + "{'type':'object','properties':{'name':{'type':'string','maxLength':12},"
            + "'age':{'type':'integer','minimum':1,'maximum':99},"
            + "'likes':{'type':'array','items':{'enum':['sea','land']},'maxItems':2}},"
            + "'required':['name','age','likes'],'additionalProperties':false}}}";
    Run run = run(turn(schema + ",'max_output_tokens':90", "Describe a sailor."));
    JsonNode person = json(run.text());

    assertThat(run.result().reason()).isEqualTo(TurnResult.Reason.STOP);
    assertThat(person.propertyNames()).containsExactly("name", "age", "likes");
    assertThat(person.get("age").intValue()).isBetween(1, 99);
    assertThat(person.get("name").stringValue().length()).isLessThanOrEqualTo(12);
  }

  @Test
  void aCallCanBeForced() throws Exception {
    Run run =
        run(
            turn(
                WEATHER + ",'tool_choice':{'type':'function','name':'weather'}",
                "What is the weather in Paris this week?"));

    assertThat(run.calls())
        .singleElement()
        .satisfies(call -> {
          assertThat(call.name()).isEqualTo("weather");
          assertThat(call.kind()).isEqualTo(Piece.ToolCall.Kind.FUNCTION);
        });
    assertThat(json(run.arguments()).propertyNames()).containsExactly("city", "days");
    assertThat(run.text()).isEmpty();
    assertThat(run.result().reason()).isEqualTo(TurnResult.Reason.STOP);
  }

  @Test
  void aCustomToolGetsItsTextPlain() throws Exception {
    Run run =
        run(
            turn(
                WEATHER + ",'tool_choice':{'type':'custom','name':'note'},'max_output_tokens':90",
                "Note that the sea is calm."));

    assertThat(run.calls())
        .singleElement()
        .satisfies(call -> assertThat(call.kind()).isEqualTo(Piece.ToolCall.Kind.CUSTOM));
    assertThat(run.arguments()).isNotEmpty().doesNotContain("{", "\"input\"");
  }

  @Test
  void callsAndTheirResultsAreReadByTheModel() throws Exception {
    FunctionCall call =
        FunctionCall.of(
            "fc_1", "call_1", "weather", "{\"city\":\"Paris\",\"days\":1}", ItemStatus.COMPLETED);
    FunctionCallOutput output =
        new FunctionCallOutput(
            null, "call_1", new ToolOutput.Text("Sunny, 20 degrees"), null, Map.of());
    Turn asked = turn(WEATHER + ",'max_output_tokens':8", "What is the weather in Paris?");
    Turn answered =
        turn(
            WEATHER + ",'max_output_tokens':8",
            List.of(Message.user("What is the weather in Paris?"), call, output),
            null);

    int more =
        engine().countInputTokens(answered).orElseThrow()
            - engine().countInputTokens(asked).orElseThrow();
    assertThat(more).isGreaterThan(30);
    assertThat(run(answered).text()).isNotBlank();
  }

  @Test
  void aMessageGoesOnWhereItBrokeOff() throws Exception {
    Run run =
        run(
            turn(
                "'max_output_tokens':20",
                List.of(Message.user("Say hello.")),
                "Hello! My name is"));
    Usage usage = run.result().usage();

    assertThat(run.text()).startsWith(" ");
    assertThat(usage.outputTokens()).isBetween(6, 20);
    assertThat(usage.inputTokens())
        .isEqualTo(
            engine().countInputTokens(turn("'max_output_tokens':20", "Say hello.")).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '`',
      textBlock =
          """
          'text':{'format':{'type':'json_schema','name':'x','strict':true,'schema':{'not':{}}}} § text.format.schema
          'tools':[{'type':'function','name':'f','parameters':{'type':'nonsense'}}] § tools
          'tools':[{'type':'custom','name':'c','format':{'type':'grammar','syntax':'lark','definition':'x'}}] § tools
          """)
  void whatCannotBeDoneIsRefusedBeforehand(String fields, String param) {
    assertThat(engine().refuses(turn(fields, "Hello")))
        .get()
        .satisfies(refusal -> {
          assertThat(refusal.param()).isEqualTo(param);
          assertThat(refusal.message()).isNotBlank();
        });
  }

  @Test
  void picturesAreRefused() {
    byte[] message =
        """
        {"type":"message","role":"user","content":[
          {"type":"input_text","text":"What is this?"},
          {"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}\
        """
            .getBytes(StandardCharsets.UTF_8);
    Turn turn = turn("'max_output_tokens':1", List.of(Json.read(message, Item.class)), null);

    assertThat(engine().refuses(turn)).map(Engine.Refusal::param).contains("input");
    assertThat(engine().refuses(turn("'max_output_tokens':1", "Hello"))).isEmpty();
  }

  @Test
  void aClosedEngineRefusesAndAMissingFileIsNamed() throws Exception {
    EmbeddedEngine other = EmbeddedEngine.open(TestModel.file(), new EmbeddedSettings(1, 1, 128));
    other.close();

    assertThatThrownBy(() -> other.generate(turn("'max_output_tokens':1", "Hello"), _ -> {}))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.problem()).isInstanceOf(Problem.Engine.class));
    assertThatThrownBy(() -> EmbeddedEngine.open(Path.of("none.gguf"), EmbeddedSettings.DEFAULT))
        .isInstanceOf(EmbeddedEngineException.class)
        .hasMessageContaining("none.gguf");
  }
}
