/** HTTP to places that somebody else has named. */
@org.jspecify.annotations.NullMarked
package antiphon.tools.web;
