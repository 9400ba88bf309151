/** The model pauses, until a time or until it is woken. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.sleep;
