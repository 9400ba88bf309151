package antiphon.protocol.response;

import antiphon.protocol.json.AlwaysWritten;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that requests may name. OpenAI's clients read the first four fields; MKA1's client
 * refuses the answer if any of the others is missing, so what is not known is written as null.
 *
 * @param created whole Unix seconds
 * @param contextWindow input and output tokens together, null if unknown
 * @param weights {@code open} or {@code closed}
 * @param license an SPDX identifier, or {@code proprietary}
 * @param languages ISO 639-1 codes
 */
@JsonPropertyOrder({"id", "object", "created", "owned_by"})
public record Model(
    String id,
    long created,
    String ownedBy,
    List<String> inputModalities,
    List<String> outputModalities,
    @AlwaysWritten @Nullable Integer contextWindow,
    @AlwaysWritten @Nullable Long parameterCount,
    @AlwaysWritten @Nullable String developer,
    @AlwaysWritten @Nullable String baseModel,
    @AlwaysWritten @Nullable String weights,
    @AlwaysWritten @Nullable String license,
    @AlwaysWritten @Nullable List<String> languages,
    @AlwaysWritten @Nullable String limitations,
    Capabilities capabilities) {

  private static final List<String> TEXT = List.of("text");

  public Model {
    inputModalities = List.copyOf(inputModalities);
    outputModalities = List.copyOf(outputModalities);
    languages = languages == null ? null : List.copyOf(languages);
  }

  /** A model of which hardly anything is known. */
  public Model(String id, long created, String ownedBy) {
    this(
        id,
        created,
        ownedBy,
        TEXT,
        TEXT,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new Capabilities(true, true, false, false, null));
  }

  /** A model of which no more is known than that it reads and writes text. */
  public static Model text(
      String id, long created, String ownedBy, @Nullable Integer contextWindow, Capabilities can) {
    return new Model(
        id,
        created,
        ownedBy,
        TEXT,
        TEXT,
        contextWindow,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        can);
  }

  /** Always {@code model}. */
  @JsonProperty("object")
  public String object() {
    return "model";
  }

  /** Always {@code llm}: this server has no others. */
  @JsonProperty("model_type")
  public String modelType() {
    return "llm";
  }

  /** Always {@code active}: this server does not retire models. */
  @JsonProperty("lifecycle")
  public Lifecycle lifecycle() {
    return new Lifecycle("active", null, null, null);
  }

  @AlwaysWritten
  @JsonProperty("max_image_resolution")
  @Nullable Object maxImageResolution() {
    return null;
  }

  @AlwaysWritten
  @JsonProperty("min_image_resolution")
  @Nullable Object minImageResolution() {
    return null;
  }

  @AlwaysWritten
  @JsonProperty("embedding_dimension_range")
  @Nullable Object embeddingDimensionRange() {
    return null;
  }

  @AlwaysWritten
  @JsonProperty("active_parameter_count")
  @Nullable Long activeParameterCount() {
    return null;
  }

  @AlwaysWritten
  @JsonProperty("release_date")
  @Nullable String releaseDate() {
    return null;
  }

  @AlwaysWritten
  @JsonProperty("serving_locations")
  @Nullable Object servingLocations() {
    return null;
  }

  @AlwaysWritten
  @JsonProperty("tts")
  @Nullable Object tts() {
    return null;
  }

  /**
   * What generation with the model can do.
   *
   * @param supportsReasoning whether it thinks before it answers
   * @param supportsReasoningEffort whether {@code reasoning.effort} has an effect
   * @param supportsStructuredOutputs whether JSON schemas are enforced, null if unknown
   */
  public record Capabilities(
      boolean supportsTemperature,
      boolean supportsTopP,
      boolean supportsReasoning,
      boolean supportsReasoningEffort,
      @AlwaysWritten @Nullable Boolean supportsStructuredOutputs) {}

  /**
   * Where the model is in its life.
   *
   * @param deprecatedAt the day, as {@code YYYY-MM-DD}
   * @param retiresAt the day, as {@code YYYY-MM-DD}
   * @param successor the model to move to
   */
  public record Lifecycle(
      String status,
      @AlwaysWritten @Nullable String deprecatedAt,
      @AlwaysWritten @Nullable String retiresAt,
      @AlwaysWritten @Nullable String successor) {}
}
