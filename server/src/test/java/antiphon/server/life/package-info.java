/** The life of responses, over a real store and real HTTP, with an engine that follows a script. */
@org.jspecify.annotations.NullMarked
package antiphon.server.life;
