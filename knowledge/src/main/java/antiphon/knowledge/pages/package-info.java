/** The pages and documents that the operator has added for searches of the web. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.pages;
