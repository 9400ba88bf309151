/**
 * From a conversation to a prompt, by the model's own chat template, and from the model's text back
 * to what it means: words, thoughts, calls of tools.
 */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embedded.chat;
