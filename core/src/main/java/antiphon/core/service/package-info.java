/** The operations, put together from the other packages. */
@org.jspecify.annotations.NullMarked
package antiphon.core.service;
