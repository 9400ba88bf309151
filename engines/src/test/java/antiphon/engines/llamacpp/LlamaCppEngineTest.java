package antiphon.engines.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.protocol.json.Json;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The real program, with the default model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class LlamaCppEngineTest {

  private static final String MODEL = "smollm2-135m-instruct.q4_1";
  private static final String WEATHER =
      "{'type':'function','name':'weather','parameters':{'type':'object','properties':"
          + "{'city':{'type':'string','maxLength':12},'unit':{'$ref':'#/$defs/unit'}},"
          + "'required':['city','unit'],'additionalProperties':false,"
          + "'$defs':{'unit':{'type':'string','enum':['C','F']}}}}";
  private static final String NOTE = "{'type':'custom','name':'note'}";

  @TempDir static @Nullable Path folder;

  private @Nullable LlamaCppEngine opened;

  @BeforeAll
  void open() throws Exception {
    LlamaModel model = LlamaModel.of(RealChild.model());
    LlamaCppSettings settings =
        LlamaCppSettings.of("llama.cpp", List.of(model), Objects.requireNonNull(folder))
            .within(Duration.ofMinutes(2), Duration.ofSeconds(3));
    opened = new LlamaCppEngine(settings, RealChild.program(), InstantSource.system());
  }

  @AfterAll
  void close() throws Exception {
    Running last = RealChild.running(engine(), MODEL);
    List<ProcessHandle> below = RealChild.below(last);
    assertThat(below).isNotEmpty();
    engine().close();
    RealChild.await(() -> below.stream().noneMatch(ProcessHandle::isAlive));
  }

  private LlamaCppEngine engine() {
    return Objects.requireNonNull(opened);
  }

  private static Turn turn(String fields, String input) {
    String json =
        "{'model':'" + MODEL + "','temperature':0,'input':'" + input + "'," + fields + "}";
    return Turns.of(json.replace('\'', '"'));
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

    Piece.ToolCall call() {
      return (Piece.ToolCall)
          pieces.stream().filter(Piece.ToolCall.class::isInstance).findFirst().orElseThrow();
    }
  }

  private Run run(Turn turn) throws EngineException, InterruptedException {
    Heard heard = new Heard();
    TurnResult result = engine().generate(turn, heard);
    return new Run(heard.pieces(), result);
  }

  private static JsonNode json(String text) {
    return Json.tree(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aTurnStreamsItsTextAndTellsItsUsage() throws Exception {
    Turn turn = turn("'max_output_tokens':12", "Say hello.");
    Run run = run(turn);

    assertThat(run.pieces()).filteredOn(Piece.Text.class::isInstance).hasSizeGreaterThan(3);
    assertThat(run.result().reason()).isEqualTo(TurnResult.Reason.LENGTH);
    assertThat(run.result().usage().outputTokens()).isEqualTo(12);
    assertThat(run.result().model()).isEqualTo(MODEL);
    assertThat(engine().countInputTokens(turn)).contains(run.result().usage().inputTokens());
  }

  @Test
  void aHalfMessageGoesOnWhereItBrokeOff() throws Exception {
    Turn whole = turn("'max_output_tokens':24", "Count from one to twenty in words.");
    String text = run(whole).text();
    // Between two words: inside of one, what was said would be other tokens.
    String half = text.substring(0, text.indexOf(' ', text.length() / 2));
    Turn rest = new Turn(whole.request(), MODEL, whole.items(), half);
    assertThat(half + run(rest).text()).startsWith(text);
  }

  @Test
  void structuredOutputKeepsItsSchemaAlsoWhenItGoesOn() throws Exception {
    String format =
        "'text':{'format':{'type':'json_schema','name':'a','strict':true,'schema':"
            + "{'type':'object','properties':{'city':{'type':'string','maxLength':20},"
            + "'size':{'enum':[1,2]}},'required':['city','size'],'additionalProperties':false}}}";
    Turn turn = turn(format, "Name a city.");
    String text = run(turn).text();
    assertThat(json(text).path("size").asInt()).isBetween(1, 2);

    String half = "{\"city\": \"Par";
    Turn rest = new Turn(turn.request(), MODEL, turn.items(), half);
    JsonNode whole = json(half + run(rest).text());
    assertThat(whole.path("city").asString()).startsWith("Par");
    assertThat(whole.path("size").asInt()).isBetween(1, 2);
  }

  @Test
  void aNamedFunctionIsCalledWithItsArguments() throws Exception {
    Run run =
        run(
            turn(
                "'tools':["
                    + WEATHER
                    + ","
                    + NOTE
                    + "],'tool_choice':{'type':'function',"
                    + "'name':'weather'}",
                "Is it warm in Rome?"));
    assertThat(run.call().name()).isEqualTo("weather");
    assertThat(run.call().kind()).isEqualTo(Piece.ToolCall.Kind.FUNCTION);
    JsonNode arguments = json(run.arguments());
    assertThat(arguments.path("unit").asString()).isIn("C", "F");
    assertThat(arguments.path("city").isString()).isTrue();
    assertThat(run.text()).isEmpty();
  }

  @Test
  void oneOfSeveralToolsIsCalledWhereOneMust() throws Exception {
    Run run =
        run(
            turn(
                "'tools':["
                    + NOTE
                    + ","
                    + WEATHER
                    + "],'tool_choice':'required','max_output_tokens':80",
                "Is it warm in Rome?"));
    assertThat(run.call().name()).isIn("weather", "note");
    if (run.call().name().equals("weather")) {
      assertThat(json(run.arguments()).path("unit").asString()).isIn("C", "F");
    }
    assertThat(run.text()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "lark; start: \"add(\" NUM \",\" NUM \")\"\\nNUM: /[0-9]{1,3}/;"
            + " add\\([0-9]{1,3},[0-9]{1,3}\\)",
        "regex; [a-c]{3}/[0-9]{4}\\.; [a-c]{3}/[0-9]{4}\\."
      })
  void aCustomToolThatMustBeCalledKeepsItsGrammar(String syntax, String definition, String form)
      throws Exception {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("model", MODEL).put("input", "Add 12 and 30.").put("temperature", 0);
    ObjectNode tool = body.putArray("tools").addObject().put("type", "custom").put("name", "note");
    tool.putObject("format")
        .put("type", "grammar")
        .put("syntax", syntax)
        .put("definition", definition.replace("\\n", "\n"));
    body.putObject("tool_choice").put("type", "custom").put("name", "note");
    Run run = run(Turns.of(body.toString()));

    assertThat(run.call().kind()).isEqualTo(Piece.ToolCall.Kind.CUSTOM);
    assertThat(run.call().name()).isEqualTo("note");
    assertThat(run.arguments()).matches(form);
    assertThat(run.text()).isEmpty();
  }

  @Test
  void minPIsPassedOn() throws Exception {
    String input = "Count from one to ten in words.";
    String likeliest = run(turn("'max_output_tokens':12", input)).text();
    String json =
        "{'model':'%s','input':'%s','max_output_tokens':12,'temperature':2,'min_p':1}"
            .formatted(MODEL, input);
    // Of all tokens only the likeliest is left, however high the temperature.
    assertThat(run(Turns.of(json.replace('\'', '"'))).text()).isEqualTo(likeliest);
  }

  @Test
  void logprobsComeWithTheText() throws Exception {
    Run run = run(turn("'max_output_tokens':4,'top_logprobs':2", "Say hello."));
    assertThat(run.pieces())
        .filteredOn(Piece.Text.class::isInstance)
        .allSatisfy(piece -> assertThat(((Piece.Text) piece).logprobs()).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptStopsItsSlot(boolean reading) throws Exception {
    run(turn("'max_output_tokens':1", "Hi."));
    Running running = RealChild.running(engine(), MODEL);
    RealChild.await(() -> !RealChild.busy(running));
    String input = reading ? "The sea is wide and deep. ".repeat(600) : "Tell me a long story.";
    CountDownLatch begun = new CountDownLatch(1);
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                engine().generate(turn("'max_output_tokens':2000", input), _ -> begun.countDown());
              } catch (EngineException | InterruptedException _) {
                begun.countDown();
              }
            });
    if (reading) {
      RealChild.await(() -> RealChild.busy(running));
    } else {
      begun.await();
    }
    assertThat(RealChild.busy(running)).isTrue();
    long since = System.nanoTime();
    caller.interrupt();
    caller.join();
    RealChild.await(() -> !RealChild.busy(running));
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    System.out.println("stopped while " + (reading ? "reading" : "writing") + ": " + took + " ms");
    // Reading it all takes a minute: this is far from that also where the machine is busy.
    assertThat(took).isLessThan(5000);
    if (reading) {
      assertThat(begun.getCount()).as("no word was said").isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aChildThatDiesInTheMiddleIsReplacedAndTheMessageGoesOn() throws Exception {
    Turn turn = turn("'max_output_tokens':60", "Count from one to forty in words.");
    Run undisturbed = run(turn);
    String whole = undisturbed.text();
    int tokens = undisturbed.result().usage().outputTokens();
    Running before = RealChild.running(engine(), MODEL);
    Heard heard = new Heard();
    int[] texts = {0};
    TurnResult result =
        engine()
            .generate(
                turn,
                piece -> {
                  heard.accept(piece);
                  if (piece instanceof Piece.Text && ++texts[0] == 6) {
                    RealChild.below(before).forEach(ProcessHandle::destroyForcibly);
                  }
                });
    assertThat(RealChild.running(engine(), MODEL)).isNotSameAs(before);
    assertThat(heard.text()).isEqualTo(whole);
    assertThat(result.usage().outputTokens()).isBetween(tokens - 1, tokens + 1);
  }

  @Test
  void aChildThatHangsIsEndedAndReplaced() throws Exception {
    run(turn("'max_output_tokens':1", "Hi."));
    Running before = RealChild.running(engine(), MODEL);
    for (ProcessHandle process : RealChild.below(before)) {
      new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();
    }
    RealChild.await(() -> !before.child().alive());
    assertThat(run(turn("'max_output_tokens':4", "Hi.")).text()).isNotEmpty();
    assertThat(RealChild.running(engine(), MODEL)).isNotSameAs(before);
  }

  @Test
  void anUnknownModelIsRefused() {
    assertThatThrownBy(() -> engine().generate(Turns.hello(), new Heard()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("'m'");
  }
}
