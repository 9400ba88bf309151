/** The tools {@code web_search} and {@code web_search_preview}: search, open a page, look in it. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.websearch;
