@org.jspecify.annotations.NullMarked
package antiphon.sandbox.tool;
