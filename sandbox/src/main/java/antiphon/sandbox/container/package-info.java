/** Containers: sandboxes that belong to somebody and live on this node. */
@org.jspecify.annotations.NullMarked
package antiphon.sandbox.container;
