/** A client of the Model Context Protocol over HTTP. Whatever the other side sends is bounded. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.mcp.client;
