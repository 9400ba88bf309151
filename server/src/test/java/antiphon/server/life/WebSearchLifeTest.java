package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.net.AddressGuard;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.knowledge.extract.Extractor;
import antiphon.knowledge.extract.ParserChild;
import antiphon.knowledge.pages.ExtractedDocuments;
import antiphon.server.life.Node.Answer;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.store.Await;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Request;
import antiphon.tools.websearch.WebSearchRunner;
import antiphon.tools.websearch.WebSearchSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Responses whose model searches the web. */
class WebSearchLifeTest {

  private static final String PAPER =
      """
      %PDF-1.4
      1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
      2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
      3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources
        <</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
      4 0 obj<</Length 49>>stream
      BT /F1 12 Tf 50 200 Td (How a pump is primed) Tj ET
      endstream endobj
      trailer<</Root 1 0 R>>
      %%EOF
      """;

  private final CountDownLatch hanging = new CountDownLatch(1);
  private final FakeUpstream web = new FakeUpstream(this::serve);
  private final String host = URI.create(web.url()).getAuthority();
  private final String base = "http://" + host;

  @TempDir Path folder;

  @AfterEach
  void close() {
    web.close();
  }

  /** A provider of all three kinds, and the site that it knows. */
  private void serve(Request request, antiphon.testkit.upstream.Answer answer) throws IOException {
    String asked = request.path() + request.body();
    if (asked.contains("hang")) {
      hanging.countDown();
      answer.hang();
    } else if (asked.contains("refused")) {
      answer.json(401, "{\"error\":\"no such key\"}");
    } else if (asked.contains("nonsense")) {
      answer.status(200, "text/html", "<html>");
    } else if (request.path().startsWith("/page")) {
      answer.status(
          200, "text/html", "<title>Cats</title><p>Cats sleep.</p><p>Sixteen hours a day.</p>");
    } else if (request.path().equals("/paper")) {
      answer.status(200, "application/pdf", PAPER);
    } else if (request.path().equals("/robots.txt")) {
      answer.status(404, "text/plain", "");
    } else {
      String text = request.path().startsWith("/web/search") ? "description" : "content";
      String hits =
          """
          [{"url":"%s/page","title":"Cats 【w9】","%s":"They sleep 【w1】 a lot."},
           {"url":"https://elsewhere.org/","title":"E","%s":"x"},
           {"url":"javascript:alert(1)","title":"bad"}, 7]\
          """
              .formatted(base, text, text);
      answer.json(200, "{\"results\":" + hits + ",\"web\":{\"results\":" + hits + "}}");
    }
  }

  private Node node(WebSearchSettings.Provider provider, Script script) {
    Storage storage = Stores.sqlite(folder);
    WebSearchRunner runner =
        WebSearchRunner.live(
            new WebSearchSettings(provider, base, "key-1", Duration.ofSeconds(20), true),
            AddressGuard.of(List.of(host), List.of()),
            new ExtractedDocuments(
                new Extractor(new ParserChild(folder.resolve("parser"), Duration.ofSeconds(60)))));
    return new Node(
        storage,
        new ScriptedEngine(script),
        new ReasoningSeal(new byte[32]),
        new ServerTools(List.of(runner), ToolLimits.USUAL));
  }

  private static String request(String tool, String more) {
    return "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[" + tool + "]" + more + "}";
  }

  /** Searches, and then says this. */
  private static Script cites(String... pieces) {
    Script call = Script.call("web_search", "{\"query\":\"do cats sleep\"}");
    Script words = Script.words(pieces);
    return (turn, sink) -> (Script.outputs(turn).isEmpty() ? call : words).play(turn, sink);
  }

  @ParameterizedTest
  @CsvSource({
    "SEARXNG, web_search",
    "BRAVE, web_search_2025_08_26",
    "TAVILY, web_search_preview",
    "TAVILY, web_search_preview_2025_03_11"
  })
  void aSearchIsCitedAtItsPlace(WebSearchSettings.Provider provider, String type) {
    try (Node node = node(provider, cites("They do", " 【w", "1】", ". Really."))) {
      Answer done =
          node.post(
              "/responses",
              request(
                  "{\"type\":\"" + type + "\"}",
                  ",\"include\":[\"web_search_call.action.sources\"]"));
      JsonNode call = done.json().at("/output/0");
      assertThat(call.at("/type").asString()).as(done.body()).isEqualTo("web_search_call");
      assertThat(call.at("/id").asString()).startsWith("ws_");
      assertThat(call.at("/status").asString()).isEqualTo("completed");
      assertThat(call.at("/action/type").asString()).isEqualTo("search");
      assertThat(call.at("/action/query").asString()).isEqualTo("do cats sleep");
      assertThat(call.at("/action/queries/0").asString()).isEqualTo("do cats sleep");
      assertThat(call.at("/action/sources")).hasSize(2);
      assertThat(call.at("/action/sources/0/url").asString()).isEqualTo(base + "/page");
      JsonNode text = done.json().at("/output/1/content/0");
      assertThat(text.at("/text").asString()).isEqualTo("They do. Really.");
      assertThat(text.at("/annotations")).hasSize(1);
      JsonNode cited = text.at("/annotations/0");
      assertThat(cited.at("/type").asString()).isEqualTo("url_citation");
      assertThat(cited.at("/url").asString()).isEqualTo(base + "/page");
      assertThat(cited.at("/title").asString()).isEqualTo("Cats [w9]");
      assertThat(cited.at("/start_index").asInt()).isZero();
      assertThat(cited.at("/end_index").asInt()).isEqualTo("They do".length());
    }
    Request sent = web.requests().getFirst();
    switch (provider) {
      case SEARXNG -> assertThat(sent.path()).startsWith("/search?q=do%20cats%20sleep&format=json");
      case BRAVE -> {
        assertThat(sent.path()).startsWith("/web/search?q=do%20cats%20sleep&count=10");
        assertThat(sent.headers()).containsEntry("x-subscription-token", "key-1");
      }
      case TAVILY -> {
        assertThat(sent.path()).isEqualTo("/search");
        assertThat(sent.headers()).containsEntry("authorization", "Bearer key-1");
        assertThat(sent.body()).contains("\"query\":\"do cats sleep\"", "\"max_results\":10");
      }
    }
  }

  @Test
  void theStreamHasTheEventsOfTheContract() {
    try (Node node = node(WebSearchSettings.Provider.SEARXNG, cites("Yes", " 【w1】", "."))) {
      String tool = "{\"type\":\"web_search\",\"search_context_size\":\"low\"}";
      String id = node.post("/responses", request(tool, ",\"background\":true")).text("/id");
      assertThat(
              node.events("/responses/" + id + "?stream=true").stream()
                  .map(e -> Node.json(e).at("/type").asString()))
          .containsSubsequence(
              "response.output_item.added",
              "response.web_search_call.in_progress",
              "response.web_search_call.searching",
              "response.web_search_call.completed",
              "response.output_item.done",
              "response.output_text.annotation.added",
              "response.completed");
      assertThat(node.get("/responses/" + id).json().at("/output/0/action").has("sources"))
          .isFalse();
    }
  }

  @Test
  void onlyAllowedDomainsAreFoundAndOpened() {
    Script search = Script.call("web_search", "{\"query\":\"cats\"}");
    String tool =
        "{\"type\":\"web_search\",\"filters\":{\"allowed_domains\":[\"https://Elsewhere.org/\"]},"
            + "\"user_location\":{\"type\":\"approximate\",\"country\":\"de\"}}";
    try (Node node = node(WebSearchSettings.Provider.BRAVE, search)) {
      Answer done = node.post("/responses", request(tool, ""));
      assertThat(done.text("/output_text")).contains("https://elsewhere.org/").doesNotContain(host);
      assertThat(web.requests().getFirst().path())
          .contains("site%3Aelsewhere.org")
          .contains("country=DE");
    }
    try (Node node =
        node(
            WebSearchSettings.Provider.BRAVE,
            Script.call("web_open_page", "{\"url\":\"" + base + "/page\"}"))) {
      Answer done = node.post("/responses", request(tool, ""));
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
      assertThat(done.text("/output_text")).contains("not on one of the domains");
    }
  }

  @Test
  void pagesAreOpenedAndLookedThrough() {
    String url = "{\"url\":\"" + base + "/page\"";
    try (Node node =
        node(WebSearchSettings.Provider.SEARXNG, Script.call("web_open_page", url + "}"))) {
      Answer done = node.post("/responses", request("{\"type\":\"web_search\"}", ""));
      assertThat(done.text("/output/0/action/type")).isEqualTo("open_page");
      assertThat(done.text("/output/0/action/url")).isEqualTo(base + "/page");
      assertThat(done.text("/output_text")).contains("Cats sleep.\nSixteen hours a day.");
    }
    String find = url + ",\"pattern\":\"SIXTEEN\"}";
    try (Node node =
        node(WebSearchSettings.Provider.SEARXNG, Script.call("web_find_in_page", find))) {
      Answer done = node.post("/responses", request("{\"type\":\"web_search\"}", ""));
      assertThat(done.text("/output/0/action/type")).isEqualTo("find");
      assertThat(done.text("/output/0/action/pattern")).isEqualTo("SIXTEEN");
      assertThat(done.text("/output_text")).contains("Cats sleep.\nSixteen hours a day.\n---");
    }
  }

  @Test
  void aDocumentIsOpenedAsText() {
    String url = "{\"url\":\"" + base + "/paper\"}";
    try (Node node = node(WebSearchSettings.Provider.SEARXNG, Script.call("web_open_page", url))) {
      Answer done = node.post("/responses", request("{\"type\":\"web_search\"}", ""));
      assertThat(done.text("/output_text")).contains("paper.pdf\nHow a pump is primed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1/", "http://169.254.169.254/", "file:///etc/passwd"})
  void aPageInsideIsNotOpened(String url) {
    try (Node node =
        node(
            WebSearchSettings.Provider.SEARXNG,
            Script.call("web_open_page", "{\"url\":\"" + url + "\"}"))) {
      Answer done = node.post("/responses", request("{\"type\":\"web_search\"}", ""));
      assertThat(done.text("/status")).isEqualTo("completed");
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
    }
  }

  @ParameterizedTest
  @CsvSource({"refused, refuses", "nonsense, no JSON"})
  void whatAProviderRefusesIsTheModelsToSee(String query, String why) {
    try (Node node =
        node(
            WebSearchSettings.Provider.TAVILY,
            Script.call("web_search", "{\"query\":\"" + query + "\"}"))) {
      Answer done = node.post("/responses", request("{\"type\":\"web_search\"}", ""));
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
      assertThat(done.text("/output_text")).contains(why).doesNotContain("key-1");
    }
  }

  @Test
  void argumentsThatAreNoneAreTheModelsToSee() {
    try (Node node =
        node(WebSearchSettings.Provider.TAVILY, Script.call("web_search", "no json"))) {
      Answer done = node.post("/responses", request("{\"type\":\"web_search\"}", ""));
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
      assertThat(done.text("/output_text")).contains("'query'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"web_search", "web_open_page"})
  void cancelStopsIt(String function) throws Exception {
    String arguments = "{\"query\":\"hang\",\"url\":\"" + base + "/page?hang\"}";
    try (Node node = node(WebSearchSettings.Provider.SEARXNG, Script.call(function, arguments))) {
      String id =
          node.post("/responses", request("{\"type\":\"web_search\"}", ",\"background\":true"))
              .text("/id");
      hanging.await();
      assertThat(node.post("/responses/" + id + "/cancel", null).text("/status"))
          .isEqualTo("cancelled");
      Await.until("it is left", () -> web.gone() == 1);
    }
  }

  @Test
  void whatCannotBeIsRefusedByItsField() {
    try (Node node = node(WebSearchSettings.Provider.SEARXNG, Script.words("x"))) {
      for (String domains : List.of("[\"a b\"]", "[7]", "[\"\"]", "\"example.com\"")) {
        Answer answer =
            node.post(
                "/responses",
                request(
                    "{\"type\":\"web_search\",\"filters\":{\"allowed_domains\":" + domains + "}}",
                    ""));
        assertThat(answer.status()).as(domains).isEqualTo(400);
        assertThat(answer.text("/error/param")).startsWith("tools[0].filters.allowed_domains");
      }
    }
    try (Node node = new Node(folder.resolve("none"), new ScriptedEngine(Script.words("x")))) {
      Answer answer =
          node.post(
              "/responses",
              request("{\"type\":\"web_search\"}", ",\"tool_choice\":{\"type\":\"web_search\"}"));
      assertThat(answer.status()).as("without a provider").isEqualTo(400);
    }
  }
}
