/** The handlers: one class a resource, and the streams and lists they share. */
@org.jspecify.annotations.NullMarked
package antiphon.http.resource;
