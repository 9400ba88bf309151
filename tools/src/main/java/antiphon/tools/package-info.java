/** MCP servers, images, memory, sleep and agents: tools that the server runs. */
@org.jspecify.annotations.NullMarked
package antiphon.tools;
