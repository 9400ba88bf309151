/** The items of input and output, one record a kind. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.item;
