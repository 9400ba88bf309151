@org.jspecify.annotations.NullMarked
package antiphon.engines.embeddings;
