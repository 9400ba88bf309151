/** Containers: sandboxes with an owner and a name, and the store of what is known of them. */
@org.jspecify.annotations.NullMarked
package antiphon.core.container;
