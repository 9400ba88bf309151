/** Who calls, and what its key allows. */
@org.jspecify.annotations.NullMarked
package antiphon.core.key;
