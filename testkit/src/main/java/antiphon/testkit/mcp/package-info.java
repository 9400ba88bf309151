/** An MCP server for tests, as good or as bad as a test wants it. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.mcp;
