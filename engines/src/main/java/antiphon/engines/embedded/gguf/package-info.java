/** Reads what a GGUF file says of itself, before any native code is let near it. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embedded.gguf;
