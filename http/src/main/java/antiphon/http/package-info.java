/** The HTTP server: its settings, its routes on one page, and the way a request takes. */
@org.jspecify.annotations.NullMarked
package antiphon.http;
