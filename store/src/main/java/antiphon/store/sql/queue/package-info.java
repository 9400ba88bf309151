/** Statements on waiting and running responses: claims and leases. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql.queue;
