/** Gets the packages that Python has in sandboxes. */
@org.jspecify.annotations.NullMarked
package antiphon.sandbox.install;
