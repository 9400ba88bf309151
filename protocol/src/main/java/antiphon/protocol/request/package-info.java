/** The bodies of requests. */
@org.jspecify.annotations.NullMarked
package antiphon.protocol.request;
