/** Vector stores: what is known of them, and the ports that index and search them. */
@org.jspecify.annotations.NullMarked
package antiphon.core.vector;
