/** Tests of the part of the same name. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.embedded.chat;
