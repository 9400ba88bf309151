package antiphon.engines.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Model files whose chat template means harm: the child may die of one, this process does not. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class HostileTemplateTest {

  private static final String ENDLESS =
      "{% for i in range(100000) %}{% for j in range(100000) %}WHAT{% endfor %}{% endfor %}";

  @TempDir Path folder;

  /** llama.cpp tries a template while it loads the model. */
  enum Template {
    LOOKS_FOR_CLASSES("{{ ''.__class__.__mro__[1].__subclasses__() }}", "cannot load"),
    READS_A_FILE("{% include '/etc/hostname' %}", "cannot load"),
    IS_BROKEN("{% for %}{{", "cannot load"),
    REFUSES("{{ raise_exception('no') }}", "cannot load"),
    NEVER_ENDS(ENDLESS.replace("WHAT", ""), "not loaded it within"),
    WRITES_WITHOUT_END(ENDLESS.replace("WHAT", "x".repeat(64)), "not loaded it within");

    private final String text;
    private final String cause;

    Template(String text, String cause) {
      this.text = text;
      this.cause = cause;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTemplateThatMeansHarmIsAMessage(Template template) throws Exception {
    boolean hangs = template.cause.contains("within");
    Duration patience = Duration.ofSeconds(hangs ? 4 : 60);
    try (LlamaCppEngine engine = engine(template.text, patience)) {
      assertThatThrownBy(() -> engine.generate(Turns.hello().on("hostile"), new Heard()))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("hostile")
          .hasMessageContaining(template.cause)
          .satisfies(
              e -> assertThat(((EngineException) e).problem()).isInstanceOf(Problem.Engine.class));
      assertThat(engine.state("hostile")).isInstanceOf(ChildState.Failed.class);
      assertThat(
              ProcessHandle.current()
                  .descendants()
                  .filter(ProcessHandle::isAlive)
                  .filter(one -> one.info().commandLine().orElse("").contains(folder.toString())))
          .as("children that are left")
          .isEmpty();
    }
  }

  @Test
  void aTemplateThatHangsOnOneMessageHangsThatOneAlone() throws Exception {
    String template =
        "{% if 'hang' in messages[0]['content'] %}"
            + ENDLESS.replace("WHAT", "")
            + "{% endif %}{{ messages[0]['content'] }}";
    List<ProcessHandle> below;
    try (LlamaCppEngine engine = engine(template, Duration.ofSeconds(60))) {
      assertThat(answer(engine, "Hi.")).isNotEmpty();
      Running running = RealChild.running(engine, "hostile");
      AtomicBoolean stopped = new AtomicBoolean();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  answer(engine, "hang");
                } catch (InterruptedException _) {
                  stopped.set(true);
                } catch (EngineException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(answer(engine, "Hi.")).isNotEmpty();
      caller.interrupt();
      caller.join();
      assertThat(stopped).isTrue();
      below = RealChild.below(running);
    }
    RealChild.await(() -> below.stream().noneMatch(ProcessHandle::isAlive));
  }

  private static String answer(LlamaCppEngine engine, String input)
      throws EngineException, InterruptedException {
    Heard heard = new Heard();
    String json =
        "{\"model\":\"hostile\",\"input\":\"%s\",\"max_output_tokens\":3,\"temperature\":0}"
            .formatted(input);
    var _ = engine.generate(Turns.of(json), heard);
    return heard.text();
  }

  private LlamaCppEngine engine(String template, Duration patience) throws Exception {
    Path file = folder.resolve("hostile.gguf");
    Files.write(file, withTemplate(Files.readAllBytes(RealChild.model()), template));
    LlamaCppSettings settings =
        LlamaCppSettings.of("llama.cpp", List.of(LlamaModel.of(file)), folder.resolve("logs"))
            .within(patience, Duration.ofSeconds(30));
    return new LlamaCppEngine(settings, RealChild.program(), InstantSource.system());
  }

  /** In the place of the model's own, which is longer: spaces fill it up. */
  private static byte[] withTemplate(byte[] model, String template) {
    byte[] key = "tokenizer.chat_template".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file = ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (!file.slice(at, key.length).equals(ByteBuffer.wrap(key))) {
      at++;
    }
    int length = Math.toIntExact(file.getLong(at + key.length + Integer.BYTES));
    byte[] text = template.getBytes(StandardCharsets.UTF_8);
    assertThat(text.length).isLessThanOrEqualTo(length);
    int begin = at + key.length + Integer.BYTES + Long.BYTES;
    for (int i = 0; i < length; i++) {
      model[begin + i] = i < text.length ? text[i] : (byte) ' ';
    }
    return model;
  }
}
