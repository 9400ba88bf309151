package antiphon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed and started again: what was acknowledged ends, and what had ended is unchanged. */
class RestartIT {

  private static final Path HOME = Path.of(System.getProperty("antiphon.home"));
  private static final Pattern ID = Pattern.compile("\"id\":\"(resp_[a-z0-9]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void aKillLosesNothingThatWasAcknowledged(@TempDir Path data)
      throws IOException, InterruptedException {
    RunningServer.keepModels(HOME.resolve("acceptance"), data);
    try (RunningServer server = RunningServer.start(HOME, data)) {
      String ended = create(server, 3, false);
      String before = get(server, ended);
      List<String> acknowledged = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        acknowledged.add(create(server, 60, true));
      }
      String cancelled = create(server, 2000, true);
      String answer = call(server, "POST", "/responses/" + cancelled + "/cancel", null);
      server.kill();
      server.restart();
      assertThat(get(server, ended)).isEqualTo(before);
      assertThat(get(server, cancelled)).isEqualTo(answer);
      for (String id : acknowledged) {
        assertThat(awaitEnd(server, id)).containsAnyOf("\"completed\"", "\"incomplete\"");
      }
    }
  }

  private String awaitEnd(RunningServer server, String id)
      throws IOException, InterruptedException {
    String path = "/responses/" + id + "?stream=true";
    String events = call(server, "GET", path, null);
    assertThat(events).contains("event: response.created").contains("data: [DONE]");
    return get(server, id);
  }

  private String create(RunningServer server, int tokens, boolean background)
      throws IOException, InterruptedException {
    String body =
        "{\"model\":\"auto\",\"input\":\"Tell me a story.\",\"max_output_tokens\":%d,\"background\":%s}"
            .formatted(tokens, background);
    Matcher id = ID.matcher(call(server, "POST", "/responses", body));
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  private String get(RunningServer server, String id) throws IOException, InterruptedException {
    return call(server, "GET", "/responses/" + id, null);
  }

  private String call(RunningServer server, String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.BodyPublisher content =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.address() + "/v1" + path))
            .header("Authorization", "Bearer " + RunningServer.KEY)
            .header("Content-Type", "application/json")
            .method(method, content)
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }
}
