/**
 * Checks what clients saw while nodes were killed, paused and cut off, and the database restarted.
 */
@org.jspecify.annotations.NullMarked
package antiphon.server.history;
