package antiphon.core.api;

import antiphon.core.prompt.PromptId;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import antiphon.protocol.prompt.CreatePrompt;
import antiphon.protocol.prompt.Prompt;
import antiphon.protocol.prompt.PromptVersion;
import antiphon.protocol.prompt.UpdatePrompt;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The operations on prompts. Every method may throw {@link antiphon.core.response.Rejected} and
 * {@link antiphon.core.store.StoreException}. All block; call them on virtual threads.
 */
public interface Prompts {

  /** Makes a prompt with its first version. */
  Prompt create(Owner owner, CreatePrompt request);

  /** The owner's prompts, by the moment they were made. */
  Page<Prompt> list(Owner owner, PageRequest page);

  /**
   * A prompt with a template.
   *
   * @param version null for the active one
   * @param variables to put into it; null for none
   */
  Prompt get(PromptId id, @Nullable Integer version, @Nullable Map<String, JsonNode> variables);

  /** Changes its name, description and metadata. */
  Prompt update(PromptId id, UpdatePrompt request);

  /** Deletes it with all versions; responses that were made with it are as they were. */
  void delete(PromptId id);

  /** Makes its next version, which is the active one from then on. */
  PromptVersion addVersion(PromptId id, String template);

  /** Its versions, by their numbers. */
  List<PromptVersion> versions(PromptId id, boolean newestFirst, int limit);

  /** One of its versions. */
  PromptVersion version(PromptId id, int number);

  /** Makes one of its versions the active one. */
  Prompt rollback(PromptId id, int number);
}
