/** An endpoint that draws, for tests. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.image;
