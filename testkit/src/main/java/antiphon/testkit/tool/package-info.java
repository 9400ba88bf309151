@org.jspecify.annotations.NullMarked
package antiphon.testkit.tool;
