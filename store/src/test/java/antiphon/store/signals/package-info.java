@org.jspecify.annotations.NullMarked
package antiphon.store.signals;
