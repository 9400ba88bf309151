/** Sessions of a SQL database, and what reads and writes rows of any table. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql.jdbc;
