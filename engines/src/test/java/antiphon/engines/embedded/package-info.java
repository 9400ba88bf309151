/** The embedded engine with the real model. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embedded;
