package sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.service.AiServices;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What people do with LangChain4j. */
class LangChain4jTest {

  private static final String GREETING = "Hello from the engine.";
  private static final String BASE = System.getenv("ANTIPHON_URL") + "/v1";
  private static final String KEY = System.getenv("ANTIPHON_KEY");

  private final ChatModel model =
      OpenAiResponsesChatModel.builder().baseUrl(BASE).apiKey(KEY).modelName("known").build();

  interface Assistant {
    String ask(String question);
  }

  /** Knows the weather. */
  public static class Weather {
    @Tool
    public String weather(String city) {
      return "sunny";
    }
  }

  @Test
  void text() {
    assertEquals(GREETING, model.chat("Say hello."));
  }

  @Test
  void stream() throws Exception {
    StringBuilder text = new StringBuilder();
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    OpenAiResponsesStreamingChatModel.builder()
        .baseUrl(BASE)
        .apiKey(KEY)
        .modelName("known")
        .build()
        .chat(
            "Say hello.",
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String part) {
                text.append(part);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                done.completeExceptionally(error);
              }
            });
    assertEquals(GREETING, done.get(30, TimeUnit.SECONDS).aiMessage().text());
    assertEquals(GREETING, text.toString());
  }

  @Test
  void structuredOutput() {
    JsonObjectSchema person =
        JsonObjectSchema.builder()
            .addStringProperty("name")
            .addIntegerProperty("born")
            .required("name", "born")
            .build();
    ResponseFormat format =
        ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder().name("person").rootElement(person).build())
            .build();
    ChatRequest request =
        ChatRequest.builder().messages(UserMessage.from("Who?")).responseFormat(format).build();
    assertEquals(
        "{\"name\": \"Ada Lovelace\", \"born\": 1815}", model.chat(request).aiMessage().text());
  }

  @Test
  void toolLoop() {
    Assistant assistant =
        AiServices.builder(Assistant.class).chatModel(model).tools(new Weather()).build();
    assertEquals("The tool said: sunny.", assistant.ask("Weather in Paris?"));
  }
}
