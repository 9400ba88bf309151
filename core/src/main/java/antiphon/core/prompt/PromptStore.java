package antiphon.core.prompt;

import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Keeps prompts and their versions. Calls block, and throw {@link
 * antiphon.core.store.StoreException} if the store cannot be reached.
 */
public interface PromptStore {

  /** So many prompts an owner may have. */
  int MOST_PROMPTS = 10_000;

  /** So many versions a prompt may have. */
  int MOST_VERSIONS = 1_000;

  /**
   * Writes a prompt with its first version.
   *
   * @return empty if the owner has too many
   */
  Optional<StoredPrompt> create(PromptId id, StoredPrompt.Details details, String template);

  /** Finds a prompt of this owner. */
  Optional<StoredPrompt> find(PromptId id);

  /**
   * A page of an owner's prompts, by the moment they were made.
   *
   * @return empty if {@code after} or {@code before} names none of the owner's
   */
  Optional<Page<StoredPrompt>> list(Owner owner, PageRequest page);

  /** Changes what is not in its versions; the prompt after that, empty if there is none. */
  Optional<StoredPrompt> update(PromptId id, UnaryOperator<StoredPrompt.Details> change);

  /** Writes its next version, which is the active one from then on. */
  NewVersion add(PromptId id, String template);

  /** One of its versions. */
  Optional<StoredVersion> version(PromptId id, int number);

  /** Its versions in the order of their numbers; none if there is no such prompt. */
  List<StoredVersion> versions(PromptId id, boolean newestFirst, int limit);

  /**
   * Makes one of its versions the active one.
   *
   * @return empty if there is no such version
   */
  Optional<StoredPrompt> activate(PromptId id, int number);

  /**
   * Removes it with all versions.
   *
   * @return false if there is none
   */
  boolean delete(PromptId id);

  /** What became of a new version. */
  sealed interface NewVersion {

    /** It is written. */
    record Written(StoredVersion version) implements NewVersion {}

    /** There is no such prompt. */
    record Gone() implements NewVersion {}

    /** The prompt has as many as one may have. */
    record TooMany() implements NewVersion {}
  }
}
