@org.jspecify.annotations.NullMarked
package antiphon.engines.model;
