/** Statements on conversations and their items. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql.conversation;
