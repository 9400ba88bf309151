/** Finding the handler for a method and a path, and reading path and query parameters. */
@org.jspecify.annotations.NullMarked
package antiphon.http.route;
