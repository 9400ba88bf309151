/** Races and faults that every store on a SQL database must stand. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql;
