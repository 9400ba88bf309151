/** Files, vector stores, file search and web search. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge;
