/** The events of a stream, one record a type. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.event;
