@org.jspecify.annotations.NullMarked
package antiphon.tools.websearch;
