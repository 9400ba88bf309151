/** The program: its main class. */
@org.jspecify.annotations.NullMarked
package antiphon.server;
