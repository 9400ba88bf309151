/** Engines that speak the Chat Completions API: requests out, streams of chunks back. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.chat;
