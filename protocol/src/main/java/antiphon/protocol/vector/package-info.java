/** Vector stores, as the wire has them. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.vector;
