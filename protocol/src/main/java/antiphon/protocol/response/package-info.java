/** The response object and what it is made of. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.response;
