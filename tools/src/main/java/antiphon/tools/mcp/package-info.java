/** Tools of MCP servers: listed, offered to the model, called, and asked leave for. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.mcp;
