package antiphon.server.settings;

import antiphon.engines.chat.ChatSettings;
import antiphon.engines.chat.ChatSettings.MaxTokens;
import antiphon.engines.chat.ChatSettings.Thinking;
import antiphon.engines.chat.ChatSettings.WholeAnswers;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code engines}. */
final class EngineReader {

  /** What the embedded engine is called. */
  static final String EMBEDDED = "embedded";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");

  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private static final Map<String, Kind> KINDS =
      Map.of("chat", Kind.CHAT, "responses", Kind.RESPONSES, "embedded", Kind.EMBEDDED);
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
    if (kind == Kind.EMBEDDED) {
      return embedded(section, name);
    }
    if (name == null || !NAME.matcher(name).matches()) {
      section.mistake("name", "must be 1 to 64 letters, digits, '.', '_', ':' or '-'");
      name = "unnamed";
    } else if (!names.add(name)) {
      section.mistake("name", "is taken: there are two engines '" + name + "'");
    }
    return kind == Kind.RESPONSES ? responses(section, name) : chat(section, name);
  }

  private EngineSettings embedded(Section section, @Nullable String name) {
    if (name != null && !name.equals(EMBEDDED)) {
      section.mistake("name", "of the embedded engine can only be '" + EMBEDDED + "'");
    }
    if (!names.add(EMBEDDED)) {
      section.mistake("kind", "embedded can be there once only");
    }
    return new EngineSettings.Embedded(EMBEDDED);
  }

  private static EngineSettings chat(Section section, String name) {
    MaxTokens maxTokens = section.choice("max_tokens_field", MAX_TOKENS, MaxTokens.MAX_TOKENS);
    boolean developer = section.flag("developer_role", false);
    Thinking thinking = section.choice("think_tags", THINKING, Thinking.TAGS);
    String reasoningField = section.text("reasoning_field");
    boolean continues = section.flag("continues_messages", false);
    Tokenizer tokenizer = section.choice("tokenizer", TOKENIZERS, Tokenizer.DETECT);
    WholeAnswers wholeAnswers =
        section.choice("whole_answers", WHOLE_ANSWERS, WholeAnswers.WHEN_QUICK);
    var extraBody = section.json("extra_body");
    return new EngineSettings.Chat(
        name,
        upstreams(section, name).stream()
            .map(upstream ->
                new ChatSettings(
                    upstream,
                    maxTokens,
                    developer,
                    thinking,
                    reasoningField,
                    continues,
                    tokenizer,
                    wholeAnswers,
                    extraBody))
            .toList());
  }

  private static EngineSettings responses(Section section, String name) {
    boolean encrypted = section.flag("encrypted_reasoning", false);
    return new EngineSettings.Responses(
        name,
        upstreams(section, name).stream()
            .map(upstream -> new ResponsesSettings(upstream, encrypted))
            .toList());
  }

  private static List<UpstreamSettings> upstreams(Section section, String name) {
    List<String> urls = urls(section);
    String key = key(section);
    String keyHeader = section.text("key_header");
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
    EMBEDDED
  }
}
