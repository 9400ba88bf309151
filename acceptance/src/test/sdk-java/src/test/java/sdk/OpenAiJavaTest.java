package sdk;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStreamEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people do with com.openai:openai-java. */
class OpenAiJavaTest {

  private static final String GREETING = "Hello from the engine.";

  private final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .baseUrl(System.getenv("ANTIPHON_URL") + "/v1")
          .apiKey(System.getenv("ANTIPHON_KEY"))
          .build();

  /** What the model is to say. */
  public static class Person {
    public String name;
    public int born;
  }

  private static ResponseCreateParams.Builder request(String input) {
    return ResponseCreateParams.builder().model("known").input(input);
  }

  private static String text(Response response) {
    return response.output().stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .map(text -> text.text())
        .collect(joining());
  }

  @Test
  void text() {
    assertEquals(GREETING, text(client.responses().create(request("Say hello.").build())));
  }

  @Test
  void stream() {
    try (StreamResponse<ResponseStreamEvent> events =
        client.responses().createStreaming(request("Say hello.").build())) {
      assertEquals(
          GREETING,
          events.stream()
              .flatMap(event -> event.outputTextDelta().stream())
              .map(delta -> delta.delta())
              .collect(joining()));
    }
  }

  @Test
  void structuredOutput() {
    Person person =
        client.responses().create(request("Who?").text(Person.class).build()).output().stream()
            .flatMap(item -> item.message().stream())
            .flatMap(message -> message.content().stream())
            .flatMap(content -> content.outputText().stream())
            .findFirst()
            .orElseThrow();
    assertEquals("Ada Lovelace", person.name);
    assertEquals(1815, person.born);
  }

  @Test
  void toolLoop() {
    FunctionTool weather =
        FunctionTool.builder()
            .name("weather")
            .parameters(
                FunctionTool.Parameters.builder()
                    .putAdditionalProperty("type", JsonValue.from("object"))
                    .putAdditionalProperty(
                        "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                    .build())
            .strict(false)
            .build();
    Response first = client.responses().create(request("Weather?").addTool(weather).build());
    ResponseFunctionToolCall call =
        first.output().stream()
            .flatMap(item -> item.functionCall().stream())
            .findFirst()
            .orElseThrow();
    assertEquals("weather", call.name());
    ResponseInputItem result =
        ResponseInputItem.ofFunctionCallOutput(
            ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output("sunny")
                .build());
    Response second =
        client
            .responses()
            .create(
                ResponseCreateParams.builder()
                    .model("known")
                    .inputOfResponse(List.of(result))
                    .previousResponseId(first.id())
                    .addTool(weather)
                    .build());
    assertEquals("The tool said: sunny.", text(second));
  }
}
