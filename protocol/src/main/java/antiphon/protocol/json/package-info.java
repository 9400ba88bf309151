/** The one JSON mapper, and what it needs to read what strangers send. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.json;
