/** The loop of durable steps that runs a response, and the writing of what comes of them. */
@org.jspecify.annotations.NullMarked
package antiphon.core.step;
