/** Group commit, and reading: writes in transactions, reads on threads of their own. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql.commit;
