/** HTTP itself: exchanges, bodies, server-sent events, limits, errors; nothing of responses. */
@org.jspecify.annotations.NullMarked
package antiphon.http.wire;
