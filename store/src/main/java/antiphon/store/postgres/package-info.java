/** The store of a cluster: PostgreSQL 15 or later, any number of nodes. */
@org.jspecify.annotations.NullMarked
package antiphon.store.postgres;
