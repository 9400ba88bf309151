/** The embedded store: one SQLite file, one process. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sqlite;
