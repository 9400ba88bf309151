package antiphon.http.route;

import antiphon.http.wire.Exchange;

/**
 * A request that has found its handler.
 *
 * @param exchange the request, and the way to answer it
 * @param mount where it came in
 * @param variable what stood in the path's variable place, decoded; empty if its path has none
 * @param query its parameters
 */
public record Call(Exchange exchange, Mount mount, String variable, Query query) {}
