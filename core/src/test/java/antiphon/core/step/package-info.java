@org.jspecify.annotations.NullMarked
package antiphon.core.step;
