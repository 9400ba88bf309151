@org.jspecify.annotations.NullMarked
package antiphon.engines.llamacpp;
