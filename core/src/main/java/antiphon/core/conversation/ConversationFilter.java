package antiphon.core.conversation;

import java.util.Map;

/**
 * Which conversations a list is to show.
 *
 * @param metadata pairs that each of them has; none for all
 * @param words that each of them has, all of them in one message or in its metadata, as {@link
 *     Words} cuts them; empty for all
 */
public record ConversationFilter(Map<String, String> metadata, String words) {

  /** All of them. */
  public static final ConversationFilter ALL = new ConversationFilter(Map.of(), "");

  public ConversationFilter {
    metadata = Map.copyOf(metadata);
  }
}
