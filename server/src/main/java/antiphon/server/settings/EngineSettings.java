package antiphon.server.settings;

import antiphon.engines.chat.ChatSettings;
import antiphon.engines.responses.ResponsesSettings;
import java.util.List;

/** An engine that is to run models. */
public sealed interface EngineSettings {

  /** The name that models refer to and responses show as {@code resolved_provider}. */
  String name();

  /**
   * Servers that speak Chat Completions.
   *
   * @param replicas one for each URL, alike but for that
   */
  record Chat(String name, List<ChatSettings> replicas) implements EngineSettings {}

  /**
   * Servers that speak Responses.
   *
   * @param replicas one for each URL, alike but for that
   */
  record Responses(String name, List<ResponsesSettings> replicas) implements EngineSettings {}

  /** llama.cpp's server as our child, as the section {@code llama_cpp} says. */
  record LlamaCpp(String name) implements EngineSettings {

    /** What it is called. */
    public static final String NAME = "llama.cpp";
  }
}
