/** The long-term memory of each owner: finished exchanges, found again by what they were about. */
@org.jspecify.annotations.NullMarked
package antiphon.core.memory;
