package antiphon.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.create.UnavailableTools;
import antiphon.core.prompt.ConfiguredPrompts;
import antiphon.core.prompt.PromptLibrary;
import antiphon.core.response.Owner;
import antiphon.core.tool.ToolLimits;
import antiphon.engines.llamacpp.LlamaModel;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Instructions;
import antiphon.protocol.tool.SleepTool;
import antiphon.tools.agent.Agent;
import antiphon.tools.image.ImageSettings;
import antiphon.tools.mcp.McpSettings.Registered;
import antiphon.tools.mcp.client.McpLimits;
import antiphon.tools.websearch.WebSearchSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {

  private static final Map<String, String> ARGS = Map.of("flash-attn", "on", "mlock", "");

  @TempDir Path folder;

  @Test
  void everyDefault() {
    ServerSettings settings = SettingsFile.read(null, Map.of());
    assertThat(settings)
        .isEqualTo(
            new ServerSettings(
                "127.0.0.1",
                8080,
                null,
                new ServerSettings.Web(16, null, null, List.of()),
                new ServerSettings.Runs(null, 10_000, 15, 3, 10, 0, 32),
                new StoreSettings(null, null, 30, 24),
                new ServerSettings.LlamaCpp(
                    null, LlamaModel.of(Path.of("model.gguf")), List.of(), 2, 600),
                ToolSettings.DEFAULT,
                new KnowledgeSettings(512, 2, 120, null),
                new SandboxSettings(
                    true,
                    "bwrap",
                    null,
                    null,
                    800_000_000,
                    64,
                    32,
                    1,
                    1024,
                    4096,
                    256,
                    64,
                    1,
                    20,
                    120),
                ConfiguredPrompts.NONE));
  }

  @Test
  void everyKey() throws IOException {
    Path file =
        write(
            """
            server:
              host: 0.0.0.0
              port: 9000
            web:
              max_body_mib: 2
              max_bodies_mib: 40
              max_connections: 500
              cors_origins: ["https://example.org"]
            tools:
              unavailable: refuse
              allow_hosts: ["mcp.internal:3001"]
              allow_networks: [10.0.0.0/8]
              call_seconds: 60
              output_chars: 5000
              mcp:
                crm:
                  url: http://crm:80/mcp
                  headers: {X-A: b}
                  token_env: CRM
                  credentials_env: {ann: CRM_ANN}
                  tenants: [acme]
                  call_seconds: 7
              history: true
              web_search:
                provider: searxng
                url: http://searx:80/
                key_env: CRM
                call_seconds: 6
                open_pages: false
              agents:
                helper:
                  model: m
                  description: Helps
                  instructions: Be brief.
                  tools: [{type: sleep}]
                  max_output_tokens: 500
                  call_seconds: 9
                  tenants: [acme]
              image:
                url: https://img/v1/
                key_env: CRM
                model: draw
                response_format: b64_json
                call_seconds: 8
            runs:
              max_running: 7
              max_waiting: 8
              lease_seconds: 9
              max_attempts: 10
              grace_seconds: 11
              warm_up_seconds: 13
              max_conversation_mib: 12
            store:
              url: postgresql://db/antiphon
              signals: redis://cache
              retention_days: 2
              log_hours: 3
            knowledge:
              max_file_mib: 13
              indexing: 3
              parse_seconds: 60
              embeddings:
                url: http://e/v1
                model: bge
                api_key: k
                chunk_tokens: 500
                chunk_overlap_tokens: 100
            sandbox:
              enabled: false
              bubblewrap: /opt/bwrap
              python: /usr/bin/python3.13
              packages: /srv/packages
              first_user: 700000000
              max_containers: 14
              max_per_tenant: 15
              warm: 2
              memory_mib: 512
              max_memory_mib: 2048
              disk_mib: 64
              max_processes: 32
              processors: 3
              idle_minutes: 5
              cell_seconds: 30
            llama_cpp:
              model: /models/a.gguf
              server: /usr/bin/llama-server
              slots: 2
              threads: 3
              context_length: 4096
              gpu_layers: 99
              batch: 64
              args: {flash-attn: "on", mlock: ""}
              max_loaded: 3
              idle_seconds: 5
              models:
                - {file: /models/Big.gguf, slots: 1, mmproj: /models/eyes.gguf}
                - {name: other, file: /models/o.gguf, draft: /models/d.gguf, args: {a: "1"}}
            """);
    assertThat(SettingsFile.read(file, Map.of("CRM", "t0", "CRM_ANN", "t1")))
        .isEqualTo(
            new ServerSettings(
                "0.0.0.0",
                9000,
                Path.of("/models/a.gguf"),
                new ServerSettings.Web(2, 40, 500, List.of("https://example.org")),
                new ServerSettings.Runs(7, 8, 9, 10, 11, 13, 12),
                new StoreSettings("postgresql://db/antiphon", "redis://cache", 2, 3),
                new ServerSettings.LlamaCpp(
                    Path.of("/usr/bin/llama-server"),
                    model("model", "model.gguf", 2, null, null, ARGS),
                    List.of(
                        model("big", "/models/Big.gguf", 1, "/models/eyes.gguf", null, ARGS),
                        model(
                            "other",
                            "/models/o.gguf",
                            2,
                            null,
                            "/models/d.gguf",
                            Map.of("a", "1"))),
                    3,
                    5),
                new ToolSettings(
                    UnavailableTools.REFUSE,
                    List.of("mcp.internal:3001"),
                    List.of("10.0.0.0/8"),
                    new ToolLimits(Duration.ofSeconds(60), 5000, 30),
                    Map.of(
                        "crm",
                        new Registered(
                            "http://crm:80/mcp",
                            Map.of("X-A", "b", "Authorization", "Bearer t0"),
                            Set.of("acme"),
                            Map.of("ann", "t1"),
                            McpLimits.USUAL.silent(Duration.ofSeconds(7)))),
                    new ImageSettings(
                        "https://img/v1", "t0", "draw", "b64_json", Duration.ofSeconds(8)),
                    Map.of(
                        "helper",
                        new Agent(
                            "m",
                            "Helps",
                            "Be brief.",
                            List.of(new SleepTool(Map.of())),
                            500,
                            Duration.ofSeconds(9),
                            Set.of("acme"))),
                    new WebSearchSettings(
                        WebSearchSettings.Provider.SEARXNG,
                        "http://searx:80",
                        "t0",
                        Duration.ofSeconds(6),
                        false),
                    new ToolSettings.OfflineSearch(false, false),
                    true),
                new KnowledgeSettings(
                    13,
                    3,
                    60,
                    new KnowledgeSettings.Embeddings("http://e/v1", "bge", "k", 500, 100)),
                new SandboxSettings(
                    false,
                    "/opt/bwrap",
                    Path.of("/usr/bin/python3.13"),
                    Path.of("/srv/packages"),
                    700_000_000,
                    14,
                    15,
                    2,
                    512,
                    2048,
                    64,
                    32,
                    3,
                    5,
                    30),
                ConfiguredPrompts.NONE));
  }

  @Test
  void theFormerNameOfMaxAttemptsIsRead() throws IOException {
    assertThat(SettingsFile.read(write("runs: {max_deaths: 5}"), Map.of()).runs().maxAttempts())
        .isEqualTo(5);
    Path both = write("runs: {max_deaths: 5, max_attempts: 6}");
    assertThatThrownBy(() -> SettingsFile.read(both, Map.of()))
        .hasMessageContaining("runs.max_deaths is what runs.max_attempts was called");
  }

  @Test
  void promptsAreReadFromTheirFolder() throws IOException {
    Path prompts = Files.createDirectory(folder.resolve("prompts"));
    Files.writeString(prompts.resolve("greeting.md"), "Hello {{name}}\n");
    Files.writeString(Files.createDirectory(prompts.resolve("support")).resolve("2.txt"), "Two");
    Files.writeString(prompts.resolve("support/1.md"), "One");
    Files.writeString(prompts.resolve(".hidden"), "x");
    PromptLibrary library =
        new PromptLibrary(
            SettingsFile.read(write("prompts: {folder: " + prompts + "}"), Map.of()).prompts(),
            null);
    assertThat(instructions(library, "{'id':'greeting','variables':{'name':'Ann'}}"))
        .isEqualTo("Hello Ann");
    assertThat(instructions(library, "{'id':'support'}")).isEqualTo("Two");
    assertThat(instructions(library, "{'id':'support','version':'1'}")).isEqualTo("One");

    Files.writeString(prompts.resolve("support/latest.md"), "x");
    Path file = write("prompts: {folder: " + prompts + "}");
    assertThatThrownBy(() -> SettingsFile.read(file, Map.of()))
        .hasMessageContaining("prompts.folder cannot be read: ")
        .hasMessageContaining("latest.md must be named by its version, such as 1.md");
  }

  private static Object instructions(PromptLibrary library, String prompt) {
    CreateResponse request =
        Json.read(
            ("{'model':'m','input':'x','prompt':" + prompt + "}")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8),
            CreateResponse.class);
    return library.resolved(Owner.account("acme"), request).instructions()
            instanceof Instructions.Text(String text)
        ? text
        : "";
  }

  @Test
  void searchesOfTheWebMayBeAnsweredOffline() throws IOException {
    ToolSettings unsaid = SettingsFile.read(null, Map.of()).tools();
    assertThat(unsaid.offlineSearch()).isEqualTo(new ToolSettings.OfflineSearch(false, true));
    Path file = write("tools: {web_search: {provider: offline, open_pages: false}}");
    ToolSettings said = SettingsFile.read(file, Map.of()).tools();
    assertThat(said.webSearch()).isNull();
    assertThat(said.offlineSearch()).isEqualTo(new ToolSettings.OfflineSearch(true, false));
    Path wrong = write("tools: {web_search: {provider: offline, url: 'http://searx'}}");
    assertThatThrownBy(() -> SettingsFile.read(wrong, Map.of()))
        .hasMessageContaining("needs no url and no key");
  }

  @Test
  void mistakesInTools() throws IOException {
    Path file =
        write(
            """
            tools:
              allow_hosts: ["http://x"]
              allow_networks: [10.0.0.0/99]
              mcp:
                a: {url: ftp://x}
                b: {url: "http://b", token_env: NOT_THERE, what: 1}
              agents:
                one: {tools: [{type: agent, agent_id: two}]}
                two: {tools: [{type: agent, agent_id: one}]}
                lost: {tools: [{type: agent, agent_id: nobody}]}
                client: {tools: [{type: function, name: f}], say: hello}
            """);
    assertThatThrownBy(() -> SettingsFile.read(file, Map.of()))
        .hasMessageContaining("tools.allow_hosts has a mistake")
        .hasMessageContaining("tools.allow_networks has a mistake")
        .hasMessageContaining("tools.mcp.a.url must be an http or https URL")
        .hasMessageContaining("tools.mcp.b.token_env names a variable that is not set")
        .hasMessageContaining("tools.mcp.b.what is not a key")
        .hasMessageContaining("tools.agents.one.tools leads to agents that call agents")
        .hasMessageContaining("tools.agents.lost.tools names an agent that is not there: nobody")
        .hasMessageContaining("tools.agents.client.tools has a tool that a client would have to")
        .hasMessageContaining("tools.agents.client.say is not a key");
  }

  private static LlamaModel model(
      String id,
      String file,
      int slots,
      @Nullable String mmproj,
      @Nullable String draft,
      Map<String, String> args) {
    return new LlamaModel(
        id,
        Path.of(file),
        4096,
        slots,
        3,
        99,
        64,
        mmproj == null ? null : Path.of(mmproj),
        draft == null ? null : Path.of(draft),
        args);
  }

  @Test
  void theEnvironmentGoesBeforeTheFile() throws IOException {
    Path file = write("server: {host: 0.0.0.0, port: 9000}");
    ServerSettings settings =
        SettingsFile.read(
            file,
            Map.of("ANTIPHON_HOST", "::1", "ANTIPHON_PORT", "1", "ANTIPHON_MODEL", "/m.gguf"));
    assertThat(settings.host()).isEqualTo("::1");
    assertThat(settings.port()).isEqualTo(1);
    assertThat(settings.model()).isEqualTo(Path.of("/m.gguf"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server: {port: 70000} | server.port",
        "runs: {lease_seconds: 0} | runs.lease_seconds",
        "llama_cpp: {slots: 0} | llama_cpp.slots",
        "llama_cpp: {models: [{name: a}]} | llama_cpp.models.a.file",
        "llama_cpp: {models: [{file: a.gguf}, {file: b/a.gguf}]} | two models 'a'",
        "web: {max_body_mib: 0} | web.max_body_mib",
        "web: {max_bodies_mib: 15} | web.max_bodies_mib",
        "web: {max_connections: 0} | web.max_connections",
        "nonsense: 1 | nonsense",
        "server: {port: many} | many"
      })
  void aMistakeIsNamed(String yaml, String named) throws IOException {
    Path file = write(yaml);
    assertThatThrownBy(() -> SettingsFile.read(file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("antiphon.yaml"), yaml);
  }
}
