/** The work of indexing files. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.indexing;
