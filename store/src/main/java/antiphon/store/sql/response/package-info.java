/** Statements on responses, their logs, and the writes that every response goes through. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql.response;
