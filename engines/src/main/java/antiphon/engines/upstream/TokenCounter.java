package antiphon.engines.upstream;

import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts tokens with an engine's own tokenizer. Counting is a service, not the work: an engine that
 * fails at it is taken as one without.
 */
public final class TokenCounter {

  private static final Logger LOG = LoggerFactory.getLogger(TokenCounter.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Upstream upstream;
  private final ModelList models;
  private final Tokenizer tokenizer;

  public TokenCounter(Upstream upstream, ModelList models, Tokenizer tokenizer) {
    this.upstream = upstream;
    this.models = models;
    this.tokenizer = tokenizer;
  }

  /**
   * Counts the prompt that a Chat Completions request makes.
   *
   * @param request the request's body
   * @return empty where the engine offers no tokenizer, or it failed
   */
  public Optional<Integer> count(ObjectNode request) throws InterruptedException {
    try {
      return switch (tokenizer()) {
        case VLLM -> Optional.of(vllm(request));
        case LLAMA_CPP -> Optional.of(llamaCpp(request));
        case NONE, DETECT -> Optional.empty();
      };
    } catch (EngineException | InvalidJson | EventStream.Nonsense e) {
      LOG.warn("{}: tokens are estimated: {}", upstream.settings().name(), e.getMessage());
      return Optional.empty();
    }
  }

  private Tokenizer tokenizer() {
    if (tokenizer != Tokenizer.DETECT) {
      return tokenizer;
    }
    List<EngineModel> known = models.now();
    return known.isEmpty() ? Tokenizer.NONE : Tokenizer.of(known.getFirst().ownedBy());
  }

  private int vllm(ObjectNode request)
      throws EngineException, InterruptedException, EventStream.Nonsense {
    ObjectNode ask = prompt(request);
    ask.put("model", request.path("model").asString(""));
    ask.put("add_generation_prompt", request.path("add_generation_prompt").asBoolean(true));
    if (request.has("continue_final_message")) {
      ask.set("continue_final_message", request.get("continue_final_message"));
    }
    JsonNode count = ask("/tokenize", ask).path("count");
    if (!count.isInt()) {
      throw new EventStream.Nonsense("told no count of tokens");
    }
    return count.asInt();
  }

  private int llamaCpp(ObjectNode request)
      throws EngineException, InterruptedException, EventStream.Nonsense {
    JsonNode prompt = ask("/apply-template", prompt(request)).path("prompt");
    if (!prompt.isString()) {
      throw new EventStream.Nonsense("made no prompt of the messages");
    }
    ObjectNode ask = Json.mapper().createObjectNode();
    ask.put("content", prompt.asString()).put("add_special", true).put("parse_special", true);
    JsonNode tokens = ask("/tokenize", ask).path("tokens");
    if (!tokens.isArray()) {
      throw new EventStream.Nonsense("told no tokens");
    }
    return tokens.size();
  }

  private static ObjectNode prompt(ObjectNode request) {
    ObjectNode prompt = Json.mapper().createObjectNode();
    for (String field : List.of("messages", "tools", "chat_template_kwargs")) {
      if (request.has(field)) {
        prompt.set(field, request.get(field));
      }
    }
    return prompt;
  }

  private JsonNode ask(String path, ObjectNode body) throws EngineException, InterruptedException {
    return Json.readStored(upstream.ask(path, Json.bytes(body), PATIENCE), JsonNode.class);
  }
}
