/** The server's HTTP side: what it listens with, and all its routes. */
@org.jspecify.annotations.NullMarked
package antiphon.http;
