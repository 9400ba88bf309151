/** What must hold of long-term memories in any store. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.memory;
