package antiphon.http;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import antiphon.core.api.Keys;
import antiphon.core.api.Models;
import antiphon.core.api.Responses;
import antiphon.http.resource.Health;
import antiphon.http.resource.ModelsResource;
import antiphon.http.resource.Pages;
import antiphon.http.resource.ResponsesResource;
import antiphon.http.wire.Authenticator;
import antiphon.http.wire.HttpSettings;
import antiphon.http.wire.Router;
import java.util.function.BooleanSupplier;

/** All routes on one page. */
final class Routes {

  /** MKA1's mount, whose client raises on the {@code [DONE]} that ends other streams. */
  private static final String MKA1 = "/api/v1/llm";

  /** OpenAI's and Open Responses' mount. */
  private static final String OPENAI = "/v1";

  private Routes() {}

  static Router of(
      HttpSettings settings,
      Responses responses,
      Models models,
      Keys keys,
      BooleanSupplier ready) {
    Router router = new Router();
    mount(router, OPENAI, true, settings, responses, models, keys);
    mount(router, MKA1, false, settings, responses, models, keys);
    Health health = new Health(ready);
    return router
        .add(GET, "/health/live", false, health::live)
        .add(GET, "/health/ready", false, health::ready)
        .add(GET, "/openapi.json", false, Pages::openApi)
        .add(GET, "/", false, Pages::welcome);
  }

  private static void mount(
      Router router,
      String base,
      boolean done,
      HttpSettings settings,
      Responses service,
      Models models,
      Keys keys) {
    Authenticator auth = new Authenticator(keys);
    ResponsesResource responses = new ResponsesResource(settings, service);
    ModelsResource known = new ModelsResource(models);
    String all = base + "/responses";
    String one = base + "/responses/{response_id}";
    router
        .add(POST, all, done, auth.guard(responses::create))
        .add(GET, one, done, auth.guard(responses::get))
        .add(POST, one + "/cancel", done, auth.guard(responses::cancel))
        .add(GET, all, done, auth.guard(responses::list))
        .add(POST, one, done, auth.guard(responses::update))
        .add(DELETE, one, done, auth.guard(responses::delete))
        .add(GET, one + "/input_items", done, auth.guard(responses::inputItems))
        .add(GET, base + "/models", done, auth.guard(known::list))
        .add(GET, base + "/models/{model_id*}", done, auth.guard(known::get));
  }
}
