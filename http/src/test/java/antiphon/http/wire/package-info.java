/** Tests of the server over real sockets, with scripted operations behind it. */
@org.jspecify.annotations.NullMarked
package antiphon.http.wire;
