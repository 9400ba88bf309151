/** A start and a few requests for the virtual machine to learn from. */
@org.jspecify.annotations.NullMarked
package antiphon.server.rehearsal;
