/** The demonstration: a client's view of a cancel that is true. */
@org.jspecify.annotations.NullMarked
package antiphon.server.demo;
