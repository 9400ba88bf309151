package antiphon.protocol.container;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request for a container. */
public record CreateContainer(
    @Required String name,
    @Nullable ExpiresAfter expiresAfter,
    @Nullable List<String> fileIds,
    @Nullable String memoryLimit,
    @Nullable JsonNode networkPolicy,
    @Nullable JsonNode skills,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  public CreateContainer {
    fileIds = fileIds == null ? null : List.copyOf(fileIds);
    extra = Extra.of(extra);
  }

  /**
   * When it expires.
   *
   * @param anchor from when on: {@code last_active_at}
   * @param minutes after that
   */
  public record ExpiresAfter(@Required String anchor, @Required Integer minutes) {}
}
