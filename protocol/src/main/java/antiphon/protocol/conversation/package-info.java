/** Conversations on the wire. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.conversation;
