/** Responses that other responses have begun, and that end with them. */
@org.jspecify.annotations.NullMarked
package antiphon.core.agent;
