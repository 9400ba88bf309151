/** Running responses: admission, the run loop, and the registry of what runs on this node. */
@org.jspecify.annotations.NullMarked
package antiphon.core.run;
