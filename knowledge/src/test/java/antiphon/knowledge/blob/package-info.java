/** Bytes of files in the data folder. */
@org.jspecify.annotations.NullMarked
package antiphon.knowledge.blob;
