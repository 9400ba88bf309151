/** Engines that speak the Responses API themselves: requests and events pass one to one. */
@org.jspecify.annotations.NullMarked
package antiphon.engines.responses;
