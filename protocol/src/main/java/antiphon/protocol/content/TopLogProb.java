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
 * A token that could have come.
 *
 * @param bytes the token's UTF-8 bytes, 0 to 255 each
 */
public record TopLogProb(
    @Required String token,
    @Required Double logprob,
    List<Integer> bytes,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  /** The mapper gives null for what was left out. */
  @JsonCreator
  public TopLogProb(
      String token,
      Double logprob,
      @Nullable List<Integer> bytes,
      @Nullable Map<String, JsonNode> extra) {
    this.token = token;
    this.logprob = logprob;
    this.bytes = bytes == null ? List.of() : List.copyOf(bytes);
    this.extra = Extra.all(extra);
  }

  /** As an engine computed it. */
  public TopLogProb(String token, Double logprob, List<Integer> bytes) {
    this(token, logprob, bytes, Map.of());
  }
}
