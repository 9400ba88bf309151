/** Texts of files: as blocks, and cut into chunks. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.text;
