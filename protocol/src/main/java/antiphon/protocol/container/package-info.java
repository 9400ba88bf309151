/** Containers and their files, on the wire. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.container;
