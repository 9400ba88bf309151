package antiphon.server.settings;

import antiphon.core.prompt.ConfiguredPrompts;
import antiphon.core.vector.Chunking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the sections about the server itself. */
final class ServerReader {

  private static final ServerSettings USUAL = ServerSettings.DEFAULT;

  private final Section root;

  ServerReader(Section root) {
    this.root = root;
  }

  /** The settings; where something cannot stand, its default. */
  ServerSettings read() {
    Section server = root.section("server");
    String host = server.text("host", USUAL.host());
    int port = server.integer("port", 0, 65_535, USUAL.port());
    server.done();
    ServerSettings.Web web = web();
    ServerSettings.Runs runs = runs();
    StoreSettings store = store();
    Section section = root.section("llama_cpp");
    Path model = LlamaCppReader.path(section, "model");
    ServerSettings.LlamaCpp llamaCpp = new LlamaCppReader(section).read();
    section.done();
    return new ServerSettings(
        host, port, model, web, runs, store, llamaCpp, tools(), knowledge(), sandbox(), prompts());
  }

  private ConfiguredPrompts prompts() {
    Section section = root.section("prompts");
    Path folder = LlamaCppReader.path(section, "folder");
    section.done();
    if (folder == null) {
      return ConfiguredPrompts.NONE;
    }
    try {
      return PromptFolder.read(folder);
    } catch (IOException e) {
      section.mistake("folder", "cannot be read: " + e.getMessage());
      return ConfiguredPrompts.NONE;
    }
  }

  private ServerSettings.Web web() {
    Section section = root.section("web");
    List<String> origins = section.texts("cors_origins");
    int body = section.integer("max_body_mib", 1, 1024, USUAL.web().maxBodyMib());
    ServerSettings.Web web =
        new ServerSettings.Web(
            body,
            section.integer("max_bodies_mib", body, ServerSettings.Web.MAX_BODIES),
            section.integer("max_connections", 1, ServerSettings.Web.MAX_CONNECTIONS),
            origins == null ? USUAL.web().corsOrigins() : origins);
    section.done();
    return web;
  }

  private ServerSettings.Runs runs() {
    Section section = root.section("runs");
    ServerSettings.Runs usual = USUAL.runs();
    ServerSettings.Runs runs =
        new ServerSettings.Runs(
            section.integer("max_running", 1, 1_000_000),
            section.integer("max_waiting", 0, 10_000_000, usual.maxWaiting()),
            section.integer("lease_seconds", 1, 3600, usual.leaseSeconds()),
            maxAttempts(section, usual.maxAttempts()),
            section.integer("grace_seconds", 0, 3600, usual.graceSeconds()),
            section.integer("warm_up_seconds", 0, 120, usual.warmUpSeconds()),
            section.integer("max_conversation_mib", 1, 4096, usual.maxConversationMib()));
    section.done();
    return runs;
  }

  /** Reads the name it had before too. */
  private static int maxAttempts(Section section, int usual) {
    boolean both = section.has("max_attempts") && section.has("max_deaths");
    if (both) {
      section.mistake("max_deaths", "is what runs.max_attempts was called before; keep that alone");
    }
    int before = section.integer("max_deaths", 1, 100, usual);
    return section.integer("max_attempts", 1, 100, before);
  }

  private ToolSettings tools() {
    Section section = root.section("tools");
    ToolSettings tools = new ToolReader(section).read();
    section.done();
    return tools;
  }

  private KnowledgeSettings knowledge() {
    Section section = root.section("knowledge");
    KnowledgeSettings usual = USUAL.knowledge();
    KnowledgeSettings knowledge =
        new KnowledgeSettings(
            section.integer("max_file_mib", 1, KnowledgeSettings.MAX_FILE, usual.maxFileMib()),
            section.integer("indexing", 1, 64, usual.indexing()),
            section.integer("parse_seconds", 1, 3600, usual.parseSeconds()),
            embeddings(section));
    section.done();
    return knowledge;
  }

  private SandboxSettings sandbox() {
    Section section = root.section("sandbox");
    SandboxSettings usual = USUAL.sandbox();
    int memory = section.integer("memory_mib", 128, 65_536, usual.memoryMib());
    int most = section.integer("max_containers", 1, 1000, usual.maxContainers());
    SandboxSettings sandbox =
        new SandboxSettings(
            section.flag("enabled", usual.enabled()),
            section.text("bubblewrap", usual.bubblewrap()),
            LlamaCppReader.path(section, "python"),
            LlamaCppReader.path(section, "packages"),
            section.integer(
                "first_user", SandboxSettings.LOWEST_USER, 2_000_000_000, usual.firstUser()),
            most,
            section.integer("max_per_tenant", 1, 1000, usual.maxPerTenant()),
            section.integer("warm", 0, most, Math.min(most, usual.warm())),
            memory,
            section.integer(
                "max_memory_mib", memory, 65_536, Math.max(memory, usual.maxMemoryMib())),
            section.integer("disk_mib", 1, 65_536, usual.diskMib()),
            section.integer("max_processes", 8, 4096, usual.maxProcesses()),
            section.integer("processors", 1, 1024, usual.processors()),
            section.integer("idle_minutes", 1, 1440, usual.idleMinutes()),
            section.integer("cell_seconds", 1, 290, usual.cellSeconds()));
    section.done();
    return sandbox;
  }

  private static KnowledgeSettings.@Nullable Embeddings embeddings(Section knowledge) {
    Section section = knowledge.section("embeddings");
    String url = section.text("url");
    String model = section.text("model");
    String key = section.text("api_key");
    int tokens =
        section.integer(
            "chunk_tokens",
            Chunking.LEAST_TOKENS,
            Chunking.MOST_TOKENS,
            KnowledgeSettings.Embeddings.TOKENS);
    int overlap =
        section.integer(
            "chunk_overlap_tokens",
            0,
            tokens / 2,
            Math.min(tokens / 2, KnowledgeSettings.Embeddings.OVERLAP));
    section.done();
    if ((url == null) != (model == null)) {
      section.mistake("url", "needs a model, and a model a url");
      return null;
    }
    return url == null || model == null
        ? null
        : new KnowledgeSettings.Embeddings(url, model, key, tokens, overlap);
  }

  private StoreSettings store() {
    Section section = root.section("store");
    StoreSettings usual = USUAL.store();
    String url = section.text("url");
    String signals = section.text("signals");
    if (signals != null && url == null) {
      section.mistake("signals", "is for several nodes: it needs store.url, a PostgreSQL database");
      signals = null;
    }
    StoreSettings store =
        new StoreSettings(
            url,
            signals,
            section.integer("retention_days", 0, 36_500, usual.retentionDays()),
            section.integer("log_hours", 0, 36_500 * 24, usual.logHours()));
    section.done();
    return store;
  }
}
