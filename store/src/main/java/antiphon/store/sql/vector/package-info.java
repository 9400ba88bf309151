/** Statements on vector stores, their files, and what is remembered. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql.vector;
