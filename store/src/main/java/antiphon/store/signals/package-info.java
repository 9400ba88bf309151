/** What all ways of signalling between nodes share. */
@org.jspecify.annotations.NullMarked
package antiphon.store.signals;
