/** Searching chunks with Lucene. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.index;
