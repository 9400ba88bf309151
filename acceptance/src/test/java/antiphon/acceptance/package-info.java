/** The real server as a process, driven by clients from the package registries. */
@org.jspecify.annotations.NullMarked
package antiphon.acceptance;
