/** Containers, the code interpreter and the shell, each call in a sandbox. */
@org.jspecify.annotations.NullMarked
package antiphon.sandbox;
