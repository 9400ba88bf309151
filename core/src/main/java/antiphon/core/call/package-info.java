/** The inner log of a response: its calls of server-run tools, and how far each has come. */
@org.jspecify.annotations.NullMarked
package antiphon.core.call;
