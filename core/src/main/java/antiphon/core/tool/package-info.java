/** The port for tools that this server runs itself. */
@org.jspecify.annotations.NullMarked
package antiphon.core.tool;
