/**
 * The port to whatever runs the model: one turn at a time, piece by piece, stopped by interruption.
 */
@org.jspecify.annotations.NullMarked
package antiphon.core.engine;
