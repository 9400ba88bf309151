package antiphon.protocol.vector;

import antiphon.protocol.json.AlwaysWritten;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * A role on a vector store.
 *
 * @param granteeType {@code user} or {@code team}
 * @param userId null for the team, and for the account itself
 */
@JsonPropertyOrder({"object"})
public record PermissionObject(
    String vectorStoreId, String granteeType, @AlwaysWritten @Nullable String userId, String role) {

  private static final String OBJECT = "vector_store.permission";

  /** Always {@code vector_store.permission}. */
  @JsonProperty("object")
  public String object() {
    return OBJECT;
  }

  /**
   * What a principal may do.
   *
   * @param role the highest that it has; null for none
   * @param source {@code owner}, {@code grant}, {@code team} or {@code none}
   */
  @JsonPropertyOrder({"object"})
  public record Effective(
      String vectorStoreId,
      String granteeType,
      @AlwaysWritten @Nullable String userId,
      @AlwaysWritten @Nullable String role,
      String source) {

    /** Always {@code vector_store.permission}. */
    @JsonProperty("object")
    public String object() {
      return OBJECT;
    }
  }

  /** That it is no more. */
  @JsonPropertyOrder({"object"})
  public record Removed(
      String vectorStoreId, String granteeType, @AlwaysWritten @Nullable String userId) {

    /** Always {@code vector_store.permission.deleted}. */
    @JsonProperty("object")
    public String object() {
      return OBJECT + ".deleted";
    }

    /** Always true. */
    @JsonProperty("deleted")
    public boolean deleted() {
      return true;
    }
  }
}
