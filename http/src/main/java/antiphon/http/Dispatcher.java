package antiphon.http;

import antiphon.core.health.Complaints;
import antiphon.core.key.Scope;
import antiphon.core.store.StoreException;
import antiphon.core.trace.TraceParent;
import antiphon.core.trace.TraceScope;
import antiphon.http.error.ErrorReply;
import antiphon.http.error.Problems;
import antiphon.http.error.Refusal;
import antiphon.http.route.Call;
import antiphon.http.route.Caller;
import antiphon.http.route.Endpoint;
import antiphon.http.route.Query;
import antiphon.http.route.RouteTable;
import antiphon.http.wire.ClientGone;
import antiphon.http.wire.Exchange;
import antiphon.http.wire.ExchangeHandler;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a request to its endpoint, and answers for whatever is thrown on the way. */
final class Dispatcher implements ExchangeHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final RouteTable routes;
  private final Authentication authentication;
  private final Cors cors;

  Dispatcher(RouteTable routes, Authentication authentication, Cors cors) {
    this.routes = routes;
    this.authentication = authentication;
    this.cors = cors;
  }

  @Override
  public void handle(Exchange exchange) {
    try {
      dispatch(exchange);
    } catch (InterruptedException | ClientGone _) {
      // Nobody is left to answer.
      exchange.cut();
    } catch (Throwable thrown) {
      answer(exchange, thrown);
    }
  }

  private void dispatch(Exchange exchange) throws InterruptedException {
    Refusal malformed = exchange.malformed();
    if (malformed != null) {
      throw malformed;
    }
    cors.allow(exchange);
    String method = exchange.method();
    if (cors.on() && method.equals("OPTIONS")) {
      cors.preflight(exchange, routes.allowed(exchange.path()));
      return;
    }
    RouteTable.Found found = routes.find(method, exchange.path());
    switch (found.endpoint()) {
      case Endpoint.Open open -> open.handle(call(exchange, found, null));
      case Endpoint.Keyed(Scope needs, Endpoint.Handler handler) -> {
        Caller caller = authentication.caller(exchange);
        caller.require(needs);
        TraceScope.run(
            trace(exchange), () -> handler.handle(call(exchange, found, caller), caller.owner()));
      }
    }
  }

  /** One that does not have its form is as none. */
  private static @Nullable TraceParent trace(Exchange exchange) {
    List<String> headers = exchange.headers(TraceParent.HEADER);
    return headers.size() == 1 ? TraceParent.parse(headers.getFirst()).orElse(null) : null;
  }

  private static Call call(Exchange exchange, RouteTable.Found found, @Nullable Caller caller) {
    Query query = Query.parse(exchange.query());
    return new Call(exchange, found.mount(), found.decoded(), query, caller);
  }

  private static void answer(Exchange exchange, Throwable thrown) {
    Optional<ErrorReply> expected = Problems.expected(thrown);
    if (thrown instanceof StoreException) {
      Complaints.warn(LOG, "store", "a call was refused: " + thrown.getMessage());
    } else if (expected.isEmpty() || exchange.begun()) {
      LOG.error("{} {} {}", exchange.requestId(), exchange.method(), exchange.path(), thrown);
    }
    if (exchange.begun()) {
      exchange.cut();
      return;
    }
    try {
      ErrorReply reply = expected.orElseGet(() -> Problems.unexpected(exchange.requestId()));
      reply.headers().forEach(exchange::setHeader);
      exchange.send(reply.status(), JSON, reply.body());
    } catch (InterruptedException | ClientGone _) {
      exchange.cut();
    } catch (RuntimeException e) {
      LOG.error("{} could not be answered", exchange.requestId(), e);
      exchange.cut();
    }
  }
}
