/**
 * The stores on SQL databases. Each hands its calls to the writer or to a reader ({@code commit});
 * the statements are in packages of their own, by what they concern.
 */
@org.jspecify.annotations.NullMarked
package antiphon.store.sql;
