@org.jspecify.annotations.NullMarked
package antiphon.server.cli;
