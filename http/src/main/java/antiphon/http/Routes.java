package antiphon.http;

import antiphon.core.key.Scope;
import antiphon.http.resource.ContainerFilesResource;
import antiphon.http.resource.ContainersResource;
import antiphon.http.resource.ConversationsResource;
import antiphon.http.resource.FilesResource;
import antiphon.http.resource.HistoryResource;
import antiphon.http.resource.JsonBody;
import antiphon.http.resource.ModelsResource;
import antiphon.http.resource.PermissionsResource;
import antiphon.http.resource.PromptsResource;
import antiphon.http.resource.ResponsesResource;
import antiphon.http.resource.ServiceResource;
import antiphon.http.resource.VectorStoresResource;
import antiphon.http.route.Endpoint;
import antiphon.http.route.Mount;
import antiphon.http.route.RouteTable;

/** Every route there is, on one page. */
final class Routes {

  private static final String GET = "GET";
  private static final String POST = "POST";
  private static final String DELETE = "DELETE";

  private final RouteTable table = new RouteTable();

  /** The table. */
  RouteTable table() {
    return table;
  }

  Routes responses(ResponsesResource responses) {
    keyed(POST, "/responses", responses::create);
    reading(POST, "/responses/input_tokens", responses::inputTokens);
    keyed(POST, "/responses/compact", responses::compact);
    keyed(GET, "/responses", responses::list);
    keyed(GET, "/responses/{response_id}", responses::get);
    keyed(POST, "/responses/{response_id}", responses::update);
    keyed(DELETE, "/responses/{response_id}", responses::delete);
    keyed(POST, "/responses/{response_id}/cancel", responses::cancel);
    keyed(POST, "/responses/{response_id}/wake", responses::wake);
    keyed(GET, "/responses/{response_id}/input_items", responses::inputItems);
    return this;
  }

  Routes conversations(ConversationsResource conversations) {
    keyed(POST, "/conversations", conversations::create);
    keyed(GET, "/conversations", conversations::list);
    keyed(GET, "/conversations/{conversation_id}", conversations::get);
    keyed(POST, "/conversations/{conversation_id}", conversations::update);
    keyed(DELETE, "/conversations/{conversation_id}", conversations::delete);
    keyed(POST, "/conversations/{conversation_id}/items", conversations::addItems);
    keyed(GET, "/conversations/{conversation_id}/items", conversations::items);
    keyed(DELETE, "/conversations/{conversation_id}/items", conversations::deleteItems);
    keyed(GET, "/conversations/{conversation_id}/items/{item_id}", conversations::item);
    keyed(DELETE, "/conversations/{conversation_id}/items/{item_id}", conversations::deleteItem);
    return this;
  }

  /** Prompts, where they are kept. */
  Routes prompts(Api api, JsonBody bodies) {
    if (api.prompts() != null) {
      PromptsResource prompts = new PromptsResource(api.prompts(), bodies);
      String one = "/prompts/{id}";
      keyed(POST, "/prompts", prompts::create);
      keyed(GET, "/prompts", prompts::list);
      keyed(GET, one, prompts::get);
      keyed("PUT", one, prompts::update);
      keyed(DELETE, one, prompts::delete);
      keyed(POST, one + "/versions", prompts::addVersion);
      keyed(GET, one + "/versions", prompts::versions);
      keyed(GET, one + "/versions/{version}", prompts::version);
      keyed(POST, one + "/rollback", prompts::rollback);
    }
    return this;
  }

  Routes models(ModelsResource models) {
    keyed(GET, "/models", models::list);
    keyed(GET, "/models/{model_id...}", models::get);
    return this;
  }

  Routes service(ServiceResource service) {
    open("/", service::welcome);
    open("/health/live", service::live);
    open("/health/ready", service::ready);
    open("/openapi.json", service::openApi);
    return this;
  }

  /** Files and vector stores, where they are kept. */
  Routes knowledge(Api api, JsonBody bodies) {
    if (api.files() != null) {
      FilesResource files = new FilesResource(api.files());
      keyed(POST, "/files", files::upload);
      keyed(GET, "/files", files::list);
      keyed(GET, "/files/{file_id}", files::get);
      keyed(DELETE, "/files/{file_id}", files::delete);
      keyed(GET, "/files/{file_id}/content", files::content);
    }
    if (api.vectorStores() != null) {
      vectorStores(new VectorStoresResource(api.vectorStores(), bodies));
    }
    if (api.permissions() != null) {
      PermissionsResource permissions = new PermissionsResource(api.permissions(), bodies);
      String all = "/vector_stores/{vector_store_id}/permissions";
      keyed(GET, all, permissions::list);
      keyed(POST, all, permissions::grant);
      keyed(GET, all + "/{user_id}", permissions::effective);
      keyed(DELETE, all + "/{user_id}", permissions::revoke);
    }
    if (api.memories() != null) {
      HistoryResource history = new HistoryResource(api.memories());
      keyed(GET, "/history", history::get);
      keyed(DELETE, "/history", history::delete);
    }
    return this;
  }

  /** Containers, where there are any. */
  Routes containers(Api api, JsonBody bodies) {
    if (api.containers() != null) {
      ContainersResource containers = new ContainersResource(api.containers(), bodies);
      ContainerFilesResource files = new ContainerFilesResource(api.containers(), bodies);
      String one = "/containers/{container_id}";
      keyed(POST, "/containers", containers::create);
      keyed(GET, "/containers", containers::list);
      keyed(GET, one, containers::get);
      keyed(DELETE, one, containers::delete);
      keyed(POST, one + "/files", files::add);
      keyed(GET, one + "/files", files::list);
      keyed(GET, one + "/files/{file_id}", files::get);
      keyed(DELETE, one + "/files/{file_id}", files::delete);
      keyed(GET, one + "/files/{file_id}/content", files::content);
    }
    return this;
  }

  private void vectorStores(VectorStoresResource stores) {
    String one = "/vector_stores/{vector_store_id}";
    keyed(POST, "/vector_stores", stores::create);
    keyed(GET, "/vector_stores", stores::list);
    keyed(GET, one, stores::get);
    keyed(POST, one, stores::update);
    keyed(DELETE, one, stores::delete);
    reading(POST, one + "/search", stores::search);
    keyed(POST, one + "/files", stores::attach);
    keyed(GET, one + "/files", stores::files);
    keyed(GET, one + "/files/{file_id}", stores::file);
    keyed(POST, one + "/files/{file_id}", stores::attributes);
    keyed(DELETE, one + "/files/{file_id}", stores::detach);
    keyed(GET, one + "/files/{file_id}/content", stores::content);
    keyed(POST, one + "/file_batches", stores::attachBatch);
    keyed(GET, one + "/file_batches/{batch_id}", stores::batch);
    keyed(POST, one + "/file_batches/{batch_id}/cancel", stores::cancelBatch);
    keyed(GET, one + "/file_batches/{batch_id}/files", stores::batchFiles);
  }

  private void keyed(String method, String pattern, Endpoint.Handler handler) {
    keyed(method, pattern, Scope.ofPath(pattern, method.equals(GET)), handler);
  }

  /** One whose method does not say that it changes nothing. */
  private void reading(String method, String pattern, Endpoint.Handler handler) {
    keyed(method, pattern, Scope.ofPath(pattern, true), handler);
  }

  private void keyed(String method, String pattern, Scope needs, Endpoint.Handler handler) {
    for (Mount mount : Mount.values()) {
      table.add(mount, method, pattern, new Endpoint.Keyed(needs, handler));
    }
  }

  private void open(String pattern, Endpoint.Open endpoint) {
    table.add(GET, pattern, endpoint);
  }
}
