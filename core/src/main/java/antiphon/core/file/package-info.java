/** Files: what is known of them, and where their bytes are. */
@org.jspecify.annotations.NullMarked
package antiphon.core.file;
