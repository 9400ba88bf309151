/** Conversations: what is kept of them, and the port to where. */
@org.jspecify.annotations.NullMarked
package antiphon.core.conversation;
