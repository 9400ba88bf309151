/** An engine over HTTP that does what a test tells it, faults above all. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.upstream;
