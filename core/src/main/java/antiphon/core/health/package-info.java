/** Whether the server can work: its loops, its store, and what it has to complain of. */
@org.jspecify.annotations.NullMarked
package antiphon.core.health;
