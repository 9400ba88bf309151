/** An engine that does what a test tells it. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.engine;
