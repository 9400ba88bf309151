/** Tests of reading files. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.extract;
