/** What is behind the routes: one handler a resource. */
@org.jspecify.annotations.NullMarked
package antiphon.http.resource;
