package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How likely a token was.
 *
 * @param bytes the token's UTF-8 bytes, 0 to 255 each
 * @param topLogprobs the likeliest tokens at its place
 */
public record LogProb(
    @Required String token,
    @Required Double logprob,
    List<Integer> bytes,
    List<TopLogProb> topLogprobs,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  /** The mapper gives null for what was left out. */
  @JsonCreator
  public LogProb(
      String token,
      Double logprob,
      @Nullable List<Integer> bytes,
      @Nullable List<TopLogProb> topLogprobs,
      @Nullable Map<String, JsonNode> extra) {
    this.token = token;
    this.logprob = logprob;
    this.bytes = bytes == null ? List.of() : List.copyOf(bytes);
    this.topLogprobs = topLogprobs == null ? List.of() : List.copyOf(topLogprobs);
    this.extra = Extra.all(extra);
  }

  /** As an engine computed it. */
  public LogProb(String token, Double logprob, List<Integer> bytes, List<TopLogProb> topLogprobs) {
    this(token, logprob, bytes, topLogprobs, Map.of());
  }
}
