/** Searching files as a tool of models. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.tool;
