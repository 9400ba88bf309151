package antiphon.engines.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Piece;
import antiphon.core.engine.Turn;
import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The grammar of a custom tool that must be called, with models whose own templates know tools: the
 * real program, the default model, and small templates of three kinds.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ForcedGrammarTest {

  private static final String TEMPLATE =
      """
      {%- if tools %}<|im_start|>system
      <tools>{% for t in tools %}{{ t | tojson }}{% endfor %}</tools><|im_end|>
      {% endif %}{% for m in messages %}<|im_start|>{{ m.role }}
      {% if m.reasoning_content %}<think>
      {{ m.reasoning_content }}
      </think>
      {% endif %}{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>
      {"name": {{ c.function.name | tojson }}, "arguments": {{ c.function.arguments | tojson }}}
      </tool_call>{% endfor %}<|im_end|>
      {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
      """;

  private static final String ERROR =
      "{\"error\":{\"code\":500,\"message\":\"The model produced output that does not match the"
          + " expected format\",\"type\":\"server_error\"}}";
  private static final String CALL =
      """
      {"choices":[{"index":0,"finish_reason":"tool_calls","delta":{"tool_calls":[{"index":0,"id":"c",\
      "type":"function","function":{"name":"when","arguments":"{\\"input\\":\\"2026-11\\"}"}}]}}]}\
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "<think>\n"})
  void isKept(String opened) throws Exception {
    try (LlamaCppEngine engine = engine(TEMPLATE + opened + "{% endif %}")) {
      Heard heard = heard(engine);
      assertThat(call(heard).kind()).isEqualTo(Piece.ToolCall.Kind.CUSTOM);
      assertThat(call(heard).name()).isEqualTo("when");
      assertThat(input(heard)).matches("[0-9]{4}-[0-9]{2}");
      assertThat(heard.pieces())
          .noneMatch(piece -> piece instanceof Piece.Text || piece instanceof Piece.ReasoningText);
    }
  }

  /** As templates do that part an answer into channels. */
  @Test
  void isToldWhereItCannotBeKept() throws Exception {
    Path program = Files.writeString(folder.resolve("sleeps"), "#!/bin/sh\nexec sleep 600\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    List<String> said = new CopyOnWriteArrayList<>();
    try (FakeUpstream upstream =
            new FakeUpstream((request, answer) -> {
              boolean grammar = request.body().contains("\"grammar\"");
              said.add(grammar ? "grammar" : "tools");
              answer.stream().data(grammar ? ERROR : CALL, "[DONE]");
            });
        Child child =
            Child.start(
                new Program.LlamaServer(program), model(""), null, new ChildLog(folder, "m"));
        ChatCompletionsEngine chat =
            new ChatCompletionsEngine(
                Speech.of(
                    UpstreamSettings.at("llama.cpp", upstream.url(), null).serving(List.of())),
                InstantSource.system())) {
      Heard heard = new Heard();
      var _ =
          LlamaCppEngine.once(
              new Running(child, chat, true, InstantSource.system().instant()), turn(), heard);
      assertThat(said).containsExactly("grammar", "tools");
      assertThat(call(heard).kind()).isEqualTo(Piece.ToolCall.Kind.CUSTOM);
      assertThat(input(heard)).isEqualTo("2026-11");
    }
  }

  private Heard heard(LlamaCppEngine engine) throws Exception {
    Heard heard = new Heard();
    var _ = engine.generate(turn(), heard);
    return heard;
  }

  private static Turn turn() {
    return Turns.of(
        """
        {"model":"m","input":"When?","temperature":0,"max_output_tokens":30,
         "tools":[{"type":"custom","name":"when","format":{"type":"grammar",
           "syntax":"regex","definition":"[0-9]{4}-[0-9]{2}"}}],
         "tool_choice":{"type":"custom","name":"when"}}\
        """);
  }

  private static Piece.ToolCall call(Heard heard) {
    return (Piece.ToolCall)
        heard.pieces().stream().filter(Piece.ToolCall.class::isInstance).findFirst().orElseThrow();
  }

  private static String input(Heard heard) {
    return heard.pieces().stream()
        .map(piece -> piece instanceof Piece.ToolCallDelta delta ? delta.delta() : "")
        .collect(Collectors.joining());
  }

  private LlamaCppEngine engine(String template) throws Exception {
    LlamaCppSettings settings = LlamaCppSettings.of("llama.cpp", List.of(model(template)), folder);
    return new LlamaCppEngine(settings, RealChild.program(), InstantSource.system());
  }

  private static LlamaModel model(String template) throws Exception {
    return new LlamaModel(
        "m",
        RealChild.model(),
        2048,
        1,
        LlamaModel.usualThreads(),
        null,
        64,
        null,
        null,
        Map.of("chat_template", template));
  }
}
