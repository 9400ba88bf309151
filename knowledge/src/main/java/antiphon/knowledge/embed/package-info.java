/** The embedding model that comes with the server. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.embed;
