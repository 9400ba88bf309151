/** The model looks into what was said in earlier responses. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.history;
