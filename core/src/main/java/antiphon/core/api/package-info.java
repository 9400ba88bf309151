/** What the server can be asked: the operations on responses and models, free of HTTP. */
@org.jspecify.annotations.NullMarked
package antiphon.core.api;
