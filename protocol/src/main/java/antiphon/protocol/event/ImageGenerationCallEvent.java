package antiphon.protocol.event;

import antiphon.protocol.json.Extra;
import antiphon.protocol.json.Required;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The making of an image. */
public sealed interface ImageGenerationCallEvent extends ItemEvent {

  /** {@code response.image_generation_call.in_progress}. */
  record InProgress(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable JsonNode args)
      implements ImageGenerationCallEvent {

    @Override
    public String type() {
      return "response.image_generation_call.in_progress";
    }
  }

  /** {@code response.image_generation_call.generating}. */
  record Generating(
      long sequenceNumber, @Required String itemId, @JsonProperty(required = true) int outputIndex)
      implements ImageGenerationCallEvent {

    @Override
    public String type() {
      return "response.image_generation_call.generating";
    }
  }

  /** {@code response.image_generation_call.completed}. */
  record Completed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Nullable String functionCallOutput)
      implements ImageGenerationCallEvent {

    @Override
    public String type() {
      return "response.image_generation_call.completed";
    }
  }

  /** {@code response.image_generation_call.failed}. */
  record Failed(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @Required String functionCallOutput)
      implements ImageGenerationCallEvent {

    @Override
    public String type() {
      return "response.image_generation_call.failed";
    }
  }

  /** {@code response.image_generation_call.partial_image}. */
  record PartialImage(
      long sequenceNumber,
      @Required String itemId,
      @JsonProperty(required = true) int outputIndex,
      @JsonProperty(required = true) int partialImageIndex,
      @Required String partialImageB64,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements ImageGenerationCallEvent {

    public PartialImage {
      extra = Extra.of(extra);
    }

    @Override
    public String type() {
      return "response.image_generation_call.partial_image";
    }
  }
}
