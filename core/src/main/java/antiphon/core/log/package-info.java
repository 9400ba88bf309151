/** The event log of one response: live in memory, folded into the response, tailed by readers. */
@org.jspecify.annotations.NullMarked
package antiphon.core.log;
