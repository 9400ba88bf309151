package antiphon.http;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.api.Containers;
import antiphon.core.api.Memories;
import antiphon.core.api.Prompts;
import antiphon.core.api.StorePermissions;
import antiphon.core.api.VectorStores;
import antiphon.http.resource.ConversationsResource;
import antiphon.http.resource.JsonBody;
import antiphon.http.resource.ModelsResource;
import antiphon.http.resource.ResponsesResource;
import antiphon.http.resource.ServiceResource;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The description against what the server does. */
class OpenApiTest {

  private static JsonNode document;

  @BeforeAll
  static void read() throws Exception {
    try (TestServer server = new TestServer()) {
      document = Json.tree(server.get("/openapi.json").body().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void describes_every_route_and_no_other() {
    Set<String> described = new TreeSet<>();
    for (var path : document.get("paths").properties()) {
      for (String method : path.getValue().propertyNames()) {
        described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    ScriptedApi api = new ScriptedApi();
    Api whole =
        new Api(
            api,
            new NoConversations(),
            new ScriptedApi.TwoModels(),
            new ScriptedApi.TwoKeys(),
            Unserved.of(Prompts.class),
            new MemoryFiles(),
            Unserved.of(Containers.class),
            Unserved.of(VectorStores.class),
            Unserved.of(StorePermissions.class),
            Unserved.of(Memories.class));
    Set<String> routed =
        new Routes()
                .responses(
                    new ResponsesResource(api, JsonBody.forThisMachine(), Duration.ofSeconds(1)))
                .conversations(
                    new ConversationsResource(new NoConversations(), JsonBody.forThisMachine()))
                .models(new ModelsResource(new ScriptedApi.TwoModels()))
                .service(new ServiceResource(() -> true))
                .prompts(whole, JsonBody.forThisMachine())
                .knowledge(whole, JsonBody.forThisMachine())
                .containers(whole, JsonBody.forThisMachine())
                .table()
                .all()
                .stream()
                .map(route -> route.method() + " " + route.pattern().replace("...", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    assertThat(described).isEqualTo(routed);
  }

  @Test
  void refers_only_to_what_is_there() {
    Set<String> missing = new TreeSet<>();
    for (JsonNode ref : document.findValues("$ref")) {
      String pointer = ref.asString();
      if (!pointer.startsWith("#/") || document.at(pointer.substring(1)).isMissingNode()) {
        missing.add(pointer);
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void knows_every_field_of_a_create() {
    Set<String> described =
        new TreeSet<>(
            document.at("/components/schemas/CreateResponseRequest/properties").propertyNames());
    Set<String> known = new TreeSet<>();
    for (var component : CreateResponse.class.getRecordComponents()) {
      known.add(component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
    }
    // What a later version of the API may have.
    known.remove("extra");
    assertThat(described).isEqualTo(known);
  }

  @Test
  void names_operations_uniquely_and_needs_a_key_for_all_but_a_few() {
    Set<String> ids = new TreeSet<>();
    Set<String> open = new TreeSet<>();
    for (var path : document.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        assertThat(ids.add(operation.getValue().get("operationId").asString())).isTrue();
        if (operation.getValue().has("security")) {
          open.add(path.getKey());
        }
      }
    }
    assertThat(open)
        .containsExactlyInAnyOrder("/", "/health/live", "/health/ready", "/openapi.json");
    assertThat(document.at("/security/0/bearer").isArray()).isTrue();
  }
}
