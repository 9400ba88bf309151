/** The port for sandboxes: where code that nobody trusts is run. */
@org.jspecify.annotations.NullMarked
package antiphon.core.sandbox;
