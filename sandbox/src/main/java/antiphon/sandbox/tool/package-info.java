/** The tools of sandboxes: the code interpreter and the shell. */
@org.jspecify.annotations.NullMarked
package antiphon.sandbox.tool;
