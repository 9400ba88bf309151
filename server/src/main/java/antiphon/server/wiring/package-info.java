/** The parts put together, by plain constructors. */
@org.jspecify.annotations.NullMarked
package antiphon.server.wiring;
