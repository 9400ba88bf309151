/** The port to what is kept: responses, their event logs, and API keys. */
@org.jspecify.annotations.NullMarked
package antiphon.core.store;
