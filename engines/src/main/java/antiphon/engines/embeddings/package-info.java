/** Engines that speak the Embeddings API: texts out, vectors back. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embeddings;
