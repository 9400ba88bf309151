package antiphon.core.conversation;

/**
 * A conversation as it is kept, without its items.
 *
 * @param createdAt milliseconds since 1970
 * @param updatedAt when its items or metadata last changed, milliseconds since 1970
 * @param metadata a JSON object
 */
public record StoredConversation(
    ConversationId id, long createdAt, long updatedAt, byte[] metadata) {}
