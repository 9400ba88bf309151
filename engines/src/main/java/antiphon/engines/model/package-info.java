/** Where models come from. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.model;
