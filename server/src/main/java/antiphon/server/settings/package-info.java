/** What can be set, where it may come from, and where things are kept. */
@org.jspecify.annotations.NullMarked
package antiphon.server.settings;
