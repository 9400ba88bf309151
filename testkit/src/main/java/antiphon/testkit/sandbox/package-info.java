/** What tests of sandboxes need. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.sandbox;
