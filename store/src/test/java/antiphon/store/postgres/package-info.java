/** Tests of the store of a cluster, on a real PostgreSQL. */
@org.jspecify.annotations.NullMarked
package antiphon.store.postgres;
