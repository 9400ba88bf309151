/** From a request body to a response that may run: validation and defaults. */
@org.jspecify.annotations.NullMarked
package antiphon.core.create;
