package antiphon.http;

import antiphon.http.error.Refusal;
import antiphon.http.resource.ModelsResource;
import antiphon.http.resource.ResponsesResource;
import antiphon.http.resource.ServiceResource;
import antiphon.http.route.Endpoint;
import antiphon.http.route.Mount;
import antiphon.http.route.RouteTable;

/** Every route there is, on one page. */
final class Routes {

  private static final String GET = "GET";
  private static final String POST = "POST";
  private static final String DELETE = "DELETE";

  private final RouteTable table = new RouteTable();

  private Routes() {}

  /** The table. */
  static RouteTable of(
      ResponsesResource responses, ModelsResource models, ServiceResource service) {
    Routes routes = new Routes();

    routes.keyed(POST, "/responses", responses::create);
    routes.keyed(POST, "/responses/input_tokens", responses::inputTokens);
    // Not there yet, and said so: it is no response's id.
    routes.keyed(
        POST,
        "/responses/compact",
        (_, _) -> {
          throw Refusal.http(
              404, "This server does not compact conversations yet.", "compaction_not_supported");
        });
    routes.keyed(GET, "/responses", responses::list);
    routes.keyed(GET, "/responses/{response_id}", responses::get);
    routes.keyed(POST, "/responses/{response_id}", responses::update);
    routes.keyed(DELETE, "/responses/{response_id}", responses::delete);
    routes.keyed(POST, "/responses/{response_id}/cancel", responses::cancel);
    routes.keyed(GET, "/responses/{response_id}/input_items", responses::inputItems);

    routes.keyed(GET, "/models", models::list);
    routes.keyed(GET, "/models/{model_id...}", models::get);

    routes.open("/", service::welcome);
    routes.open("/health/live", service::live);
    routes.open("/health/ready", service::ready);
    routes.open("/openapi.json", service::openApi);

    return routes.table;
  }

  private void keyed(String method, String pattern, Endpoint.Keyed endpoint) {
    for (Mount mount : Mount.values()) {
      table.add(mount, method, pattern, endpoint);
    }
  }

  private void open(String pattern, Endpoint.Open endpoint) {
    table.add(GET, pattern, endpoint);
  }
}
