/** Settings. */
@org.jspecify.annotations.NullMarked
package antiphon.server.rehearsal;
