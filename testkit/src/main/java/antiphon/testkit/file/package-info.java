/** What every store of files and of their bytes must do. */
@org.jspecify.annotations.NullMarked
package antiphon.testkit.file;
