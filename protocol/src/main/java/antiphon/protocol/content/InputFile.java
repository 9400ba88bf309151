package antiphon.protocol.content;

import antiphon.protocol.json.Extra;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A file, in itself, by URL or by id. */
public record InputFile(
    @Nullable String fileData,
    @Nullable String fileId,
    @Nullable String fileUrl,
    @Nullable String filename,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
    implements ContentPart {

  public InputFile {
    extra = Extra.of(extra);
  }

  @Override
  public String type() {
    return "input_file";
  }
}
