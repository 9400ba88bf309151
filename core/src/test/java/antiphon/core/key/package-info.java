@org.jspecify.annotations.NullMarked
package antiphon.core.key;
