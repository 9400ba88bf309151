/** Sandboxes at work: the program inside, its words, and those that are kept warm. */
@org.jspecify.annotations.NullMarked
package antiphon.sandbox.agent;
