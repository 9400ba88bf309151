/** What every catalog of vector stores must do. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.vector;
