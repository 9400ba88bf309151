/** The model searches for tools that it has not been shown, and loads them. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.search;
