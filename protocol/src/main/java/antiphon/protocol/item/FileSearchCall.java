package antiphon.protocol.item;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A search in files. */
public record FileSearchCall(
    @Nullable String id,
    @Required List<String> queries,
    @Required ItemStatus status,
    @Nullable List<FileSearchResult> results,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements Item {

  public FileSearchCall {
    queries = List.copyOf(queries);
    results = results == null ? null : List.copyOf(results);
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "file_search_call";
  }

  @Override
  public FileSearchCall withId(String id) {
    return new FileSearchCall(id, queries, status, results, extra);
  }

  @Override
  public FileSearchCall withStatus(ItemStatus status) {
    return new FileSearchCall(id, queries, status, results, extra);
  }
}
