/**
 * Connections, requests and replies over Vert.x: limits, deadlines, back-pressure, gone clients.
 */
@org.jspecify.annotations.NullMarked
package antiphon.http.wire;
