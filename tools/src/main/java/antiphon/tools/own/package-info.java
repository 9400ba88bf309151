/** How the server's own tools show in the output, for which the API has no kinds of item. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.own;
