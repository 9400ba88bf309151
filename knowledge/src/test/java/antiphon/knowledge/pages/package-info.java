/** Tests of kept pages. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.pages;
