/** Pages that this server keeps itself, and documents read to text. */
@org.jspecify.annotations.NullMarked
package antiphon.core.web;
