/** What an error looks like. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.error;
