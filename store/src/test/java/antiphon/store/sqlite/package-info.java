/** Tests of the embedded store. */
@org.jspecify.annotations.NullMarked
package antiphon.store.sqlite;
