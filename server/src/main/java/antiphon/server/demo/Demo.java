package antiphon.server.demo;

import antiphon.protocol.json.Json;
import antiphon.protocol.response.Response;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Creates a long background response, shows it as it comes, cancels it, and proves the end. */
public final class Demo {

  private static final int WIDTH = 78;

  private static final String REQUEST =
      """
      {"model": "auto", "background": true, "stream": true, "max_output_tokens": 4000,
       "input": "Tell me a long story about a lighthouse keeper, in twenty chapters."}\
      """;

  private final DemoClient client;
  private final PrintWriter out;
  private final Duration letWrite;
  private int column;

  public Demo(DemoClient client, PrintWriter out, Duration letWrite) {
    this.client = client;
    this.out = out;
    this.letWrite = letWrite;
  }

  /** Runs it; false if the server broke its word. */
  public boolean run() throws InterruptedException {
    say("POST /v1/responses   background: true, stream: true");
    try (Stream<String> lines = client.stream(REQUEST)) {
      Iterator<String> reader = lines.iterator();
      String id = firstId(reader);
      say("  " + id + " is queued; its text as it comes:");
      out.println();
      CompletableFuture<String> answer = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> cancelLater(id, answer));
      String last = follow(reader);
      out.println();
      out.println();
      return prove(id, answer.join(), last);
    }
  }

  private static String firstId(Iterator<String> reader) {
    while (reader.hasNext()) {
      JsonNode event = event(reader.next());
      if (event != null && event.has("response")) {
        return event.at("/response/id").asString();
      }
    }
    throw new IllegalStateException("the stream said nothing");
  }

  private void cancelLater(String id, CompletableFuture<String> answer) {
    try {
      Thread.sleep(letWrite);
      answer.complete(client.post("/responses/" + id + "/cancel"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.completeExceptionally(e);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private String follow(Iterator<String> reader) {
    String last = "";
    while (reader.hasNext()) {
      JsonNode event = event(reader.next());
      if (event == null) {
        continue;
      }
      last = event.at("/type").asString();
      if (last.equals("response.output_text.delta")) {
        write(event.at("/delta").asString());
      }
    }
    return last;
  }

  private static @Nullable JsonNode event(String line) {
    return line.startsWith("data: {")
        ? Json.tree(line.substring("data: ".length()).getBytes(StandardCharsets.UTF_8))
        : null;
  }

  private boolean prove(String id, String answer, String last) throws InterruptedException {
    Response cancelled = Json.readStored(answer.getBytes(StandardCharsets.UTF_8), Response.class);
    say("POST /v1/responses/" + id + "/cancel");
    say("  status        " + cancelled.status().wire());
    say("  completed_at  " + cancelled.completedAt());
    say(
        "  usage         %d input and %d output tokens"
            .formatted(cancelled.usage().inputTokens(), cancelled.usage().outputTokens()));
    say("  output_text   " + cancelled.outputText().length() + " characters kept");
    say("  the stream    ended with " + last);
    boolean same = client.get("/responses/" + id).equals(answer);
    boolean again = client.post("/responses/" + id + "/cancel").equals(answer);
    say("GET  /v1/responses/" + id);
    say("  " + (same ? "the same, byte for byte" : "SOMETHING ELSE than the cancel said"));
    say("POST /v1/responses/" + id + "/cancel");
    say("  " + (again ? "the same again: cancelled for good" : "SOMETHING ELSE"));
    return same && again && last.equals("response.cancelled");
  }

  private void write(String delta) {
    for (int i = 0; i < delta.length(); i++) {
      char c = delta.charAt(i);
      boolean wrap = column >= WIDTH && c == ' ';
      out.print(wrap ? '\n' : c);
      column = wrap || c == '\n' ? 0 : column + 1;
    }
    out.flush();
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
