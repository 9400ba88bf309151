/** What the stores on SQL databases share: the statements, group commit, and reading. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql;
