package antiphon.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Ability;
import antiphon.core.engine.ServedModel;
import antiphon.core.queue.TenantLimits;
import antiphon.engines.chat.CallIds;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.chat.Dialect;
import antiphon.engines.responses.ResponsesSettings;
import antiphon.engines.upstream.Tokenizer;
import antiphon.engines.upstream.UpstreamSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines, models and tenants from the file. */
class RoutingSettingsTest {

  private static final String KEY = "sk-a-key-nobody-may-see";

  @TempDir Path folder;

  @Test
  void anEngineWithEveryKey() throws IOException {
    Path keyFile = Files.writeString(folder.resolve("key"), KEY + "\n");
    RoutingSettings routing =
        read(
            """
            engines:
              - name: big
                kind: chat
                urls: [http://a:8000/v1, http://b:8000/v1]
                key_file: %s
                key_header: api-key
                idle_seconds: 2.5
                headers: {X-Team: seven}
                models: [m1, m2]
                max_concurrency: 9
                connect_seconds: 1.5
                first_token_seconds: 2
                between_tokens_seconds: 3
                turn_seconds: 4
                retries: 5
                max_tokens_field: both
                developer_role: true
                think_tags: opened
                reasoning_field: reasoning_content
                continues_messages: true
                tokenizer: llama.cpp
                whole_answers: true
                hints: [user, verbosity]
                efforts: [low]
                plain_messages: true
                continuous_usage: true
                omit: [seed, tools.function.strict]
                rename: {stop: stop_sequences}
                call_ids: nine
                extra_body: {priority: 1, deep: {list: [a, 1.5, true, null]}}
            """
                .formatted(keyFile),
            Map.of());
    EngineSettings.Chat chat = (EngineSettings.Chat) routing.engines().getFirst();
    assertThat(chat.replicas()).hasSize(2);
    ChatSettings first = chat.replicas().getFirst();
    UpstreamSettings upstream = first.upstream();
    assertThat(upstream.name()).isEqualTo("big");
    assertThat(upstream.baseUrl()).isEqualTo("http://a:8000/v1");
    assertThat(chat.replicas().getLast().upstream().baseUrl()).isEqualTo("http://b:8000/v1");
    assertThat(upstream.apiKey()).isEqualTo(KEY);
    assertThat(upstream.headers()).isEqualTo(Map.of("X-Team", "seven"));
    assertThat(upstream.models()).containsExactly("m1", "m2");
    assertThat(upstream.maxConcurrency()).isEqualTo(9);
    assertThat(upstream.limits().connect()).isEqualTo(Duration.ofMillis(1500));
    assertThat(upstream.limits().firstToken()).isEqualTo(Duration.ofSeconds(2));
    assertThat(upstream.limits().betweenTokens()).isEqualTo(Duration.ofSeconds(3));
    assertThat(upstream.limits().turn()).isEqualTo(Duration.ofSeconds(4));
    assertThat(upstream.limits().retries()).isEqualTo(5);
    assertThat(first.wholeAnswers()).isEqualTo(ChatSettings.WholeAnswers.ALWAYS);
    assertThat(first.maxTokens()).isEqualTo(ChatSettings.MaxTokens.BOTH);
    assertThat(first.developerRole()).isTrue();
    assertThat(first.thinking()).isEqualTo(ChatSettings.Thinking.OPENED);
    assertThat(first.reasoningField()).isEqualTo("reasoning_content");
    assertThat(first.continuesMessages()).isTrue();
    assertThat(first.tokenizer()).isEqualTo(Tokenizer.LLAMA_CPP);
    assertThat(upstream.keyHeader()).isEqualTo("api-key");
    assertThat(upstream.idle()).isEqualTo(Duration.ofMillis(2500));
    assertThat(first.dialect())
        .isEqualTo(
            new Dialect(
                Set.of("user", "verbosity"),
                List.of("low"),
                true,
                true,
                Set.of("seed", "tools.function.strict"),
                Map.of("stop", "stop_sequences"),
                CallIds.NINE));
    assertThat(first.extraBody()).containsOnlyKeys("priority", "deep");
    assertThat(first.extraBody().get("priority")).hasToString("1");
    assertThat(first.extraBody().get("deep")).hasToString("{\"list\":[\"a\",1.5,true,null]}");
    assertThat(routing.toString()).doesNotContain(KEY).doesNotContain("seven");
  }

  @Test
  void everyKindOfEngine() {
    RoutingSettings routing =
        read(
            """
            engines:
              - {name: one, url: "http://a/v1"}
              - {name: two, kind: responses, url: "http://b/v1", encrypted_reasoning: true,
                 key_env: TWO_KEY}
              - {kind: llama.cpp}
            """,
            Map.of("TWO_KEY", KEY));
    assertThat(routing.engines())
        .extracting(EngineSettings::name)
        .containsExactly("one", "two", "llama.cpp");
    EngineSettings.Responses two = (EngineSettings.Responses) routing.engines().get(1);
    assertThat(two.replicas().getFirst().encryptedReasoning()).isTrue();
    assertThat(two.replicas().getFirst().upstream().apiKey()).isEqualTo(KEY);
  }

  @Test
  void aPresetIsWhereAnEngineBegins() {
    RoutingSettings routing =
        read(
            """
            engines:
              - {name: a, preset: azure, url: "https://x.example/openai?api-version=1",
                 hints: [user]}
              - {name: m, preset: mistral, url: "https://m.example/v1", omit: [stop]}
              - {name: o, preset: openai, kind: responses, url: "https://o.example/v1",
                 hosted_tools: [web_search], omit: [user], rename: {a: b}, extra_body: {x: 1}}
            """,
            Map.of());
    ChatSettings azure = chat(routing, 0);
    assertThat(azure.upstream().keyHeader()).isEqualTo("api-key");
    assertThat(azure.developerRole()).isTrue();
    assertThat(azure.dialect().hints()).containsExactly("user");
    assertThat(chat(routing, 1).dialect().omit())
        .containsExactlyInAnyOrder("stream_options", "stop");
    assertThat(chat(routing, 1).dialect().rename()).isEqualTo(Map.of("seed", "random_seed"));
    ResponsesSettings openAi =
        ((EngineSettings.Responses) routing.engines().get(2)).replicas().getFirst();
    assertThat(openAi.encryptedReasoning()).isTrue();
    assertThat(openAi.hostedTools()).containsExactly("web_search");
    assertThat(openAi.omit()).containsExactly("user");
    assertThat(openAi.rename()).isEqualTo(Map.of("a", "b"));
    assertThat(openAi.extraBody()).containsOnlyKeys("x");
  }

  private static ChatSettings chat(RoutingSettings routing, int engine) {
    return ((EngineSettings.Chat) routing.engines().get(engine)).replicas().getFirst();
  }

  @Test
  void modelsAndTenants() {
    RoutingSettings routing =
        read(
            """
            engines:
              - {name: one, url: "http://a/v1"}
            auto: small
            models:
              large:
                model: org/large
                context_length: 32768
                abilities: [tools, reasoning]
                aliases: [gpt-large]
                fallbacks: [small]
              small: {engine: one}
            tenants:
              max_concurrency: 8
              named:
                acme: {max_concurrency: 3}
            """,
            Map.of());
    assertThat(routing.models().auto()).isEqualTo("small");
    assertThat(routing.models().models())
        .containsExactly(
            new ServedModel(
                "large",
                "one",
                "org/large",
                32768,
                Set.of(Ability.VISION, Ability.AUDIO, Ability.FILES, Ability.STRUCTURED_OUTPUT),
                List.of("gpt-large"),
                List.of("small")),
            ServedModel.of("small", "one", "small"));
    assertThat(routing.tenants()).isEqualTo(new TenantLimits(Map.of("acme", 3), 8));
  }

  @Test
  void theEnvironmentGoesBeforeAnyScalar() {
    SettingsFile.Settings settings =
        readAll(
            """
            engines:
              - {name: my-engine, url: "http://a/v1", max_concurrency: 1}
            runs: {max_waiting: 1}
            """,
            Map.of(
                "ANTIPHON_ENGINES_MY_ENGINE_MAX_CONCURRENCY", "7",
                "ANTIPHON_RUNS_MAX_WAITING", "8",
                "ANTIPHON_STORE_RETENTION_DAYS", "9",
                "ANTIPHON_WEB_CORS_ORIGINS", "https://a, https://b",
                "ANTIPHON_TENANTS_MAX_CONCURRENCY", "10"));
    EngineSettings.Chat chat = (EngineSettings.Chat) settings.routing().engines().getFirst();
    assertThat(chat.replicas().getFirst().upstream().maxConcurrency()).isEqualTo(7);
    assertThat(settings.server().runs().maxWaiting()).isEqualTo(8);
    assertThat(settings.server().store().retentionDays()).isEqualTo(9);
    assertThat(settings.server().web().corsOrigins()).containsExactly("https://a", "https://b");
    assertThat(settings.routing().tenants().each()).isEqualTo(10);
  }

  @Test
  void commandsThatNeedNoEngineNeedNoEnginesKey() throws IOException {
    Path file =
        write("engines: [{name: one, url: 'http://a/v1', key_env: NOT_SET}]\nserver: {port: 9}");
    assertThat(SettingsFile.read(file, Map.of()).port()).isEqualTo(9);
  }

  /** The example in the documentation has every key, and is right. */
  @Test
  void theDocumentedExampleIsRight() throws IOException {
    String page = Files.readString(docs(), StandardCharsets.UTF_8);
    String example = page.substring(page.indexOf("```yaml") + 8);
    example = example.substring(0, example.indexOf("```"));
    Path prompts = Files.createDirectory(folder.resolve("prompts"));
    example = example.replace("folder: prompts ", "folder: '" + prompts + "' ");
    SettingsFile.Settings settings = readAll(example, Map.of("VLLM_KEY", KEY, "HOSTED_KEY", KEY));
    assertThat(settings.routing().engines()).hasSize(3);
    assertThat(settings.routing().models().models()).isNotEmpty();
    String plain = example.replaceAll("(?m)^(\\s*)# (?=[a-z_]+:)", "$1");
    for (String key :
        List.of(
            "host:",
            "port:",
            "max_body_mib:",
            "cors_origins:",
            "max_running:",
            "max_waiting:",
            "lease_seconds:",
            "max_attempts:",
            "grace_seconds:",
            "max_conversation_mib:",
            "unavailable:",
            "url:",
            "signals:",
            "retention_days:",
            "log_hours:",
            "model:",
            "server:",
            "slots:",
            "gpu_layers:",
            "batch:",
            "mmproj:",
            "draft:",
            "args:",
            "max_loaded:",
            "idle_seconds:",
            "threads:",
            "context_length:",
            "name:",
            "kind:",
            "urls:",
            "key_env:",
            "key_file:",
            "headers:",
            "models:",
            "max_concurrency:",
            "connect_seconds:",
            "first_token_seconds:",
            "between_tokens_seconds:",
            "turn_seconds:",
            "retries:",
            "max_tokens_field:",
            "developer_role:",
            "think_tags:",
            "reasoning_field:",
            "continues_messages:",
            "tokenizer:",
            "whole_answers:",
            "extra_body:",
            "encrypted_reasoning:",
            "auto:",
            "abilities:",
            "aliases:",
            "fallbacks:",
            "tenants:",
            "named:")) {
      assertThat(plain).as("the example").contains(key);
    }
  }

  private static Path docs() {
    Path here = Path.of("docs", "configuration.md");
    return Files.exists(here) ? here : Path.of("..").resolve(here);
  }

  private RoutingSettings read(String yaml, Map<String, String> environment) {
    return readAll(yaml, environment).routing();
  }

  private SettingsFile.Settings readAll(String yaml, Map<String, String> environment) {
    return SettingsFile.readAll(write(yaml), environment);
  }

  private Path write(String yaml) {
    try {
      return Files.writeString(folder.resolve("antiphon.yaml"), yaml);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
