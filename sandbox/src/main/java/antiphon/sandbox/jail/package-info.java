/** Builds the walls: namespaces, system call filter, control groups, users. */
@org.jspecify.annotations.NullMarked
package antiphon.sandbox.jail;
