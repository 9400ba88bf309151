/**
 * Runs several sequences at once over one model: who computes when, what is drawn from the model's
 * word, and how the drawn tokens become text.
 */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embedded.decode;
