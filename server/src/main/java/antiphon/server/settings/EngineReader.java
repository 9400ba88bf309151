package antiphon.server.settings;

import antiphon.engines.chat.CallIds;
import antiphon.engines.chat.ChatSettings;
import antiphon.engines.chat.ChatSettings.MaxTokens;
import antiphon.engines.chat.ChatSettings.Thinking;
import antiphon.engines.chat.ChatSettings.WholeAnswers;
import antiphon.engines.chat.Dialect;
import antiphon.engines.chat.Preset;
import antiphon.engines.responses.ResponsesSettings;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.Tokenizer;
import antiphon.engines.upstream.UpstreamSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code engines}. */
final class EngineReader {

  /** What llama.cpp's server is called when it is our child. */
  static final String LLAMA_CPP = EngineSettings.LlamaCpp.NAME;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  /** Without these no request means anything. */
  private static final Set<String> NEEDED =
      Set.of("model", "messages", "input", "stream", "store", "background");

  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private static final Map<String, Kind> KINDS =
      Map.of("chat", Kind.CHAT, "responses", Kind.RESPONSES, LLAMA_CPP, Kind.LLAMA_CPP);
  private static final Map<String, MaxTokens> MAX_TOKENS =
      Map.of(
          "max_tokens", MaxTokens.MAX_TOKENS,
          "max_completion_tokens", MaxTokens.MAX_COMPLETION_TOKENS,
          "both", MaxTokens.BOTH);
  private static final Map<String, Thinking> THINKING =
      Map.of("none", Thinking.FIELDS, "tags", Thinking.TAGS, "opened", Thinking.OPENED);
  private static final Map<String, WholeAnswers> WHOLE_ANSWERS =
      Map.of(
          "auto", WholeAnswers.WHEN_QUICK,
          "true", WholeAnswers.ALWAYS,
          "false", WholeAnswers.NEVER);

  private static final Map<String, Tokenizer> TOKENIZERS =
      Map.of(
          "detect", Tokenizer.DETECT,
          "none", Tokenizer.NONE,
          "vllm", Tokenizer.VLLM,
          "llama.cpp", Tokenizer.LLAMA_CPP);

  private static final Map<String, CallIds> CALL_IDS =
      Map.of("any", CallIds.ANY, "nine", CallIds.NINE);

  private final Set<String> names = new HashSet<>();

  /** Every engine that can be read; what cannot is a mistake. */
  List<EngineSettings> read(Section root) {
    List<EngineSettings> engines = new ArrayList<>();
    for (Section section : root.sections("engines")) {
      engines.add(engine(section));
      section.done();
    }
    return engines;
  }

  private EngineSettings engine(Section section) {
    Kind kind = section.choice("kind", KINDS, Kind.CHAT);
    String name = section.text("name");
    if (kind == Kind.LLAMA_CPP) {
      return llamaCpp(section, name);
    }
    if (name == null || !NAME.matcher(name).matches()) {
      section.mistake("name", "must be 1 to 64 letters, digits, '.', '_', ':' or '-'");
      name = "unnamed";
    } else if (!names.add(name)) {
      section.mistake("name", "is taken: there are two engines '" + name + "'");
    }
    return kind == Kind.RESPONSES ? responses(section, name) : chat(section, name);
  }

  private EngineSettings llamaCpp(Section section, @Nullable String name) {
    if (name != null && !name.equals(LLAMA_CPP)) {
      section.mistake("name", "of this kind can only be '" + LLAMA_CPP + "'");
    }
    if (!names.add(LLAMA_CPP)) {
      section.mistake("kind", LLAMA_CPP + " can be there once only: it has a list of models");
    }
    return new EngineSettings.LlamaCpp(LLAMA_CPP);
  }

  private static EngineSettings chat(Section section, String name) {
    Preset preset = section.choice("preset", Preset.ALL, Preset.USUAL);
    MaxTokens maxTokens = section.choice("max_tokens_field", MAX_TOKENS, preset.maxTokens());
    boolean developer = section.flag("developer_role", preset.developerRole());
    Thinking thinking = section.choice("think_tags", THINKING, preset.thinking());
    String reasoningField = section.text("reasoning_field");
    boolean continues = section.flag("continues_messages", preset.continuesMessages());
    Tokenizer tokenizer = section.choice("tokenizer", TOKENIZERS, preset.tokenizer());
    WholeAnswers wholeAnswers =
        section.choice("whole_answers", WHOLE_ANSWERS, WholeAnswers.WHEN_QUICK);
    Dialect dialect = dialect(section, preset.dialect(), developer);
    var extraBody = section.json("extra_body");
    return new EngineSettings.Chat(
        name,
        upstreams(section, name, preset).stream()
            .map(upstream ->
                new ChatSettings(
                    upstream,
                    maxTokens,
                    developer,
                    thinking,
                    reasoningField == null ? preset.reasoningField() : reasoningField,
                    continues,
                    tokenizer,
                    wholeAnswers,
                    extraBody,
                    dialect))
            .toList());
  }

  private static Dialect dialect(Section section, Dialect preset, boolean developer) {
    List<String> hints = section.texts("hints");
    for (String hint : hints == null ? List.<String>of() : hints) {
      if (!ChatSettings.HINTS.contains(hint)) {
        section.mistake("hints", "can name " + String.join(", ", ChatSettings.HINTS));
      }
    }
    List<String> efforts = section.texts("efforts");
    return new Dialect(
        hints == null ? preset.hints() : Set.copyOf(hints),
        efforts == null ? preset.efforts() : efforts,
        // One system message has no place for what the developer says.
        section.flag("plain_messages", preset.plain() && !developer),
        section.flag("continuous_usage", preset.continuousUsage()),
        omit(section, preset.omit()),
        rename(section, preset.rename()),
        section.choice("call_ids", CALL_IDS, preset.callIds()));
  }

  /** The preset's fields and those that are named. */
  private static Set<String> omit(Section section, Set<String> preset) {
    Set<String> omit = new HashSet<>(preset);
    List<String> named = section.texts("omit");
    for (String field : named == null ? List.<String>of() : named) {
      fixed(section, "omit", field);
      omit.add(field);
    }
    return omit;
  }

  private static Map<String, String> rename(Section section, Map<String, String> preset) {
    Map<String, String> rename = new HashMap<>(preset);
    section
        .map("rename")
        .forEach((field, to) -> {
          fixed(section, "rename", field);
          rename.put(field, to);
        });
    return rename;
  }

  private static void fixed(Section section, String key, String field) {
    if (NEEDED.contains(field)) {
      section.mistake(key, "cannot name '" + field + "': no request goes without it");
    }
  }

  private static EngineSettings responses(Section section, String name) {
    Preset preset = section.choice("preset", Preset.ALL, Preset.USUAL);
    boolean encrypted = section.flag("encrypted_reasoning", preset.encryptedReasoning());
    List<String> hosted = section.texts("hosted_tools");
    Set<String> omit = omit(section, preset.responsesOmit());
    Map<String, String> rename = rename(section, Map.of());
    var extraBody = section.json("extra_body");
    return new EngineSettings.Responses(
        name,
        upstreams(section, name, preset).stream()
            .map(upstream ->
                new ResponsesSettings(
                    upstream,
                    encrypted,
                    hosted == null ? Set.of() : Set.copyOf(hosted),
                    omit,
                    rename,
                    extraBody))
            .toList());
  }

  private static List<UpstreamSettings> upstreams(Section section, String name, Preset preset) {
    List<String> urls = urls(section);
    String key = key(section);
    String named = section.text("key_header");
    String keyHeader = named == null ? preset.keyHeader() : named;
    if (keyHeader != null && !HEADER.matcher(keyHeader).matches()) {
      section.mistake("key_header", "must be a header's name, api-key say");
      keyHeader = null;
    }
    Map<String, String> headers = section.map("headers");
    Duration idle = section.seconds("idle_seconds", UpstreamSettings.USUAL_IDLE);
    List<String> models = section.texts("models");
    int most = section.integer("max_concurrency", 1, 100_000, 64);
    // Where there are replicas, the next of them is the better second try.
    Limits limits = limits(section, urls.size() > 1 ? 0 : Limits.DEFAULT.retries());
    List<UpstreamSettings> made = new ArrayList<>();
    for (String url : urls) {
      try {
        made.add(
            new UpstreamSettings(name, url, key, keyHeader, headers, models, most, limits, idle));
      } catch (IllegalArgumentException e) {
        section.mistake(section.has("url") ? "url" : "urls", "cannot be used: " + e.getMessage());
      }
    }
    return made;
  }

  private static List<String> urls(Section section) {
    String url = section.text("url");
    List<String> urls = section.texts("urls");
    if ((url == null) == (urls == null || urls.isEmpty())) {
      section.mistake("url", "or urls must be there, one of the two");
    }
    return url != null ? List.of(url) : urls == null ? List.of() : urls;
  }

  private static @Nullable String key(Section section) {
    String variable = section.text("key_env");
    String file = section.text("key_file");
    if (variable != null && file != null) {
      section.mistake("key_env", "and key_file cannot be used together");
    }
    if (variable != null) {
      String key = section.environment().getOrDefault(variable, "").strip();
      if (key.isEmpty()) {
        section.mistake("key_env", "names a variable that is not set: " + variable);
      }
      return printable(section, "key_env", key);
    }
    return file == null ? null : printable(section, "key_file", fromFile(section, file));
  }

  private static String fromFile(Section section, String file) {
    try {
      String key = Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
      if (key.isEmpty()) {
        section.mistake("key_file", "names an empty file: " + file);
      }
      return key;
    } catch (IOException | InvalidPathException _) {
      section.mistake("key_file", "names a file that cannot be read: " + file);
      return "";
    }
  }

  /** Never says the key itself. */
  private static @Nullable String printable(Section section, String from, String key) {
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      section.mistake(from, "leads to a key with characters that no header can carry");
      return null;
    }
    return key.isEmpty() ? null : key;
  }

  private static Limits limits(Section section, int retries) {
    Limits usual = Limits.DEFAULT;
    return new Limits(
        section.seconds("connect_seconds", usual.connect()),
        section.seconds("first_token_seconds", usual.firstToken()),
        section.seconds("between_tokens_seconds", usual.betweenTokens()),
        section.seconds("turn_seconds", usual.turn()),
        usual.turnBytes(),
        section.integer("retries", 0, 20, retries));
  }

  private enum Kind {
    CHAT,
    RESPONSES,
    LLAMA_CPP
  }
}
