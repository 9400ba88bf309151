/** The wire format. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol;
