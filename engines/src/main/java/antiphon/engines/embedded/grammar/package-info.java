/**
 * Grammars that a model's text is held to, byte by byte: made of JSON schemas and regular
 * expressions, checked when made, and followed without native code.
 */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embedded.grammar;
