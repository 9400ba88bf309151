/** Where the embedded engine's default model comes from. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.model;
