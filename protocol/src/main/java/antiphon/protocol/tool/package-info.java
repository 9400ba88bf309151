/** The tools a request offers the model, one record a kind, and how one is chosen. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.tool;
