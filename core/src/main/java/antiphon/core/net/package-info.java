/** Where the server connects to when somebody else has named the place. */
@org.jspecify.annotations.NullMarked
package antiphon.core.net;
