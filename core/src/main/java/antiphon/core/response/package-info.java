/**
 * What a response is to the server: owner, id, states and transitions, and the ways a call is
 * refused.
 */
@org.jspecify.annotations.NullMarked
package antiphon.core.response;
