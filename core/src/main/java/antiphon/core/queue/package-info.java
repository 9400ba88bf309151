/** Who comes next: ranks and their shares, and what there is room for. */
@org.jspecify.annotations.NullMarked
package antiphon.core.queue;
