package antiphon.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.tool.ServerTools;
import antiphon.core.tool.ToolLimits;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Embedders;
import antiphon.knowledge.embed.BuiltInEmbedder;
import antiphon.knowledge.pages.KeptPages;
import antiphon.server.cli.AntiphonCommand;
import antiphon.server.life.Node.Answer;
import antiphon.server.settings.DataFolder;
import antiphon.server.settings.SettingsFile;
import antiphon.server.wiring.Storage;
import antiphon.testkit.engine.Script;
import antiphon.testkit.engine.ScriptedEngine;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.FakeUpstream.Request;
import antiphon.tools.websearch.WebSearchRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Searches of the web that are answered by what {@code antiphon search} has added. */
@Timeout(180)
class OfflineSearchLifeTest {

  private final FakeUpstream site = new FakeUpstream(OfflineSearchLifeTest::serve);
  private final String base = "http://" + URI.create(site.url()).getAuthority();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  private static void serve(Request request, antiphon.testkit.upstream.Answer answer)
      throws IOException {
    switch (request.path()) {
      case "/" ->
          answer.status(
              200,
              "text/html",
              "<title>Manual</title><h1>Manual</h1><p>It begins.</p><a href='/pump'>pump</a>");
      case "/pump" ->
          answer.status(
              200,
              "text/html",
              "<title>The pump</title><h1>Pump</h1><p>The pump is primed with water.</p>");
      default -> answer.status(404, "text/plain", "no");
    }
  }

  @BeforeEach
  void documents() throws IOException {
    Path docs = Files.createDirectories(folder.resolve("handbook"));
    Files.writeString(docs.resolve("leave.md"), "# Leave\n\nThirty days of holiday a year.");
    Files.writeString(docs.resolve("picture.bin"), "\0\1\2\3");
  }

  @AfterEach
  void close() {
    site.close();
  }

  private int search(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of("search", "--data", data().toString()));
    all.addAll(List.of(arguments));
    CommandLine line = AntiphonCommand.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(all.toArray(String[]::new));
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Node node(Script script, boolean always) {
    DataFolder where = new DataFolder(data());
    where.create();
    Embedders embedders =
        new Embedders(
            List.of(
                new Embedders.Served(
                    new BuiltInEmbedder(where.knowledge().resolve("embedding")),
                    new Chunking(true, 256, 64))));
    WebSearchRunner runner =
        WebSearchRunner.offline(new KeptPages(where.pages(), embedders), always, true);
    return new Node(
        Storage.open(SettingsFile.read(null, Map.of()).store(), where),
        new ScriptedEngine(script),
        new ReasoningSeal(new byte[32]),
        new ServerTools(List.of(runner), ToolLimits.USUAL));
  }

  private static String request(String more) {
    return "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"" + more + "}]}";
  }

  private static Script searches(String query, String... pieces) {
    Script call = Script.call("web_search", "{\"query\":\"" + query + "\"}");
    return pieces.length == 0
        ? call
        : (turn, sink) ->
            (Script.outputs(turn).isEmpty() ? call : Script.words(pieces)).play(turn, sink);
  }

  @Test
  void whatWasAddedIsFoundOpenedAndCitedWithoutANetwork() {
    assertThat(search("add", folder.resolve("handbook").toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("1 pages added").contains("1 left out");
    assertThat(err.toString()).contains("picture.bin");
    assertThat(search("add", base + "/")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("2 pages added");
    site.close();
    assertThat(search("list")).isZero();
    assertThat(out.toString()).contains(base + "/").contains("handbook");

    try (Node node =
        node(searches("how many vacation days", "Thirty days", " 【w", "1】", "."), false)) {
      JsonNode done = node.post("/responses", request("")).json();
      assertThat(done.at("/output/0/status").asString()).as(done.toString()).isEqualTo("completed");
      JsonNode text = done.at("/output/1/content/0");
      assertThat(text.at("/text").asString()).isEqualTo("Thirty days.");
      JsonNode cited = text.at("/annotations/0");
      assertThat(cited.at("/type").asString()).isEqualTo("url_citation");
      assertThat(cited.at("/url").asString()).isEqualTo("file:///handbook/leave.md");
      assertThat(cited.at("/title").asString()).isEqualTo("Leave");
      assertThat(cited.at("/start_index").asInt()).isZero();
      assertThat(cited.at("/end_index").asInt()).isEqualTo("Thirty days".length());
    }
    try (Node node = node(searches("priming a pump"), false)) {
      Answer done = node.post("/responses", request(""));
      assertThat(done.text("/output_text"))
          .contains(base + "/pump The pump")
          .contains("is primed with water");
      String domain = ",\"filters\":{\"allowed_domains\":[\"example.com\"]}";
      assertThat(node.post("/responses", request(domain)).text("/output_text"))
          .contains("Nothing was found.");
    }
    String page = "{\"url\":\"" + base + "/pump\"";
    try (Node node = node(Script.call("web_open_page", page + "}"), false)) {
      assertThat(node.post("/responses", request("")).text("/output_text"))
          .contains("# Pump\n\nThe pump is primed with water.");
    }
    try (Node node =
        node(Script.call("web_find_in_page", page + ",\"pattern\":\"PRIMED\"}"), false)) {
      assertThat(node.post("/responses", request("")).text("/output_text"))
          .contains("The pump is primed with water.");
    }
    try (Node node =
        node(Script.call("web_open_page", "{\"url\":\"file:///etc/passwd\"}"), false)) {
      Answer done = node.post("/responses", request(""));
      assertThat(done.text("/output/0/status")).isEqualTo("failed");
      assertThat(done.text("/output_text")).contains("not kept here");
    }
  }

  @Test
  void withoutPagesTheToolIsThereOnlyIfTheSettingsSaySo() {
    String chosen =
        "{\"model\":\"auto\",\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}],"
            + "\"tool_choice\":{\"type\":\"web_search\"}}";
    try (Node node = node(searches("x"), false)) {
      assertThat(node.post("/responses", chosen).status()).isEqualTo(400);
    }
    try (Node node = node(searches("x"), true)) {
      Answer done = node.post("/responses", chosen);
      assertThat(done.status()).as(done.body()).isEqualTo(200);
      assertThat(done.text("/output_text")).contains("Nothing was found.");
    }
  }

  @Test
  void mistakesAreToldInALine() {
    assertThat(search("add", folder.resolve("nowhere").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("There is no folder").hasLineCount(1);
    assertThat(search("add", base + "/nothing")).isEqualTo(1);
    assertThat(err.toString()).contains("HTTP 404");
    assertThat(search("add", "http://not an address")).isEqualTo(1);
    assertThat(err.toString()).contains("no address").hasLineCount(1);
    assertThat(search("add", base + "/", "--as", "https://x.org/")).isEqualTo(1);
    assertThat(search("add", folder.resolve("handbook").toString(), "--as", "x")).isEqualTo(1);
    assertThat(search("add", base + "/", "--pages", "0")).isEqualTo(1);
    assertThat(search("remove", "nobody")).isEqualTo(1);
    assertThat(err.toString()).contains("Nothing was added as nobody");
    assertThat(search("list")).isZero();
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void whatIsRemovedIsNotFoundAnyMore() throws Exception {
    Path handbook = folder.resolve("handbook");
    assertThat(search("add", handbook.toString(), "--as", "https://in.example.com/hb")).isZero();
    try (Node node = node(searches("holiday"), true)) {
      assertThat(node.post("/responses", request("")).text("/output_text"))
          .contains("https://in.example.com/hb/leave.md");
      assertThat(search("remove", handbook.toRealPath().toString())).as(err.toString()).isZero();
      assertThat(node.post("/responses", request("")).text("/output_text"))
          .contains("Nothing was found.");
    }
  }
}
