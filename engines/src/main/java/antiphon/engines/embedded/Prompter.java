package antiphon.engines.embedded;

import antiphon.core.engine.Turn;
import antiphon.engines.embedded.chat.ChatMessage;
import antiphon.engines.embedded.chat.ChatTemplate;
import antiphon.engines.embedded.chat.PromptTokenizer;
import antiphon.engines.embedded.chat.Segment;
import antiphon.engines.embedded.chat.TemplateException;
import antiphon.engines.embedded.decode.PromptTooLongException;
import antiphon.engines.embedded.llama.Tokens;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Effort;
import antiphon.protocol.response.Truncation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a prompt of a turn. What does not fit into the context is refused, where the request says
 * {@code truncation: disabled}; else the oldest turns of the conversation are left out, whole ones.
 */
final class Prompter {

  /** The share of the context that truncation leaves for the answer. */
  private static final int ANSWER_SHARE = 8;

  private static final int LEAST_COUNT_LIMIT = 65_536;

  private final ChatTemplate template;
  private final PromptTokenizer tokenizer;
  private final int contextLength;

  Prompter(ChatTemplate template, PromptTokenizer tokenizer, int contextLength) {
    this.template = template;
    this.tokenizer = tokenizer;
    this.contextLength = contextLength;
  }

  /**
   * A prompt in tokens.
   *
   * @param tokens all of it, the text to go on with included
   * @param continued how many of them are the text to go on with
   * @param thinking whether the template has begun a thought for the model
   */
  record Prompt(Tokens tokens, int continued, boolean thinking) {}

  /**
   * The prompt of a turn.
   *
   * @param limited whether it has to leave room for at least one token
   * @throws PromptTooLongException if it does not, with nothing left to leave out
   */
  Prompt prompt(Turn turn, TurnTools tools, boolean limited)
      throws TemplateException, PromptTooLongException, InterruptedException {
    List<ChatMessage> messages = TurnMessages.of(turn);
    Prompt whole = prompt(turn, messages, tools);
    if (!limited || whole.tokens().size() < contextLength) {
      return whole;
    }
    int goal = contextLength - answerRoom(turn.request());
    List<Integer> cuts = cuts(messages);
    if (turn.request().truncation() == Truncation.DISABLED || cuts.isEmpty()) {
      throw tooLong(whole);
    }
    Prompt shortest = prompt(turn, without(messages, cuts.getLast()), tools);
    if (shortest.tokens().size() >= contextLength) {
      throw tooLong(shortest);
    }
    return longestFitting(turn, messages, tools, cuts, goal, shortest);
  }

  /** Leaves out as few turns as reach the goal; each try writes the prompt out anew. */
  private Prompt longestFitting(
      Turn turn,
      List<ChatMessage> messages,
      TurnTools tools,
      List<Integer> cuts,
      int goal,
      Prompt shortest)
      throws TemplateException, InterruptedException {
    Prompt best = shortest;
    int low = 0;
    int high = cuts.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      Prompt tried = prompt(turn, without(messages, cuts.get(middle)), tools);
      if (tried.tokens().size() <= goal) {
        best = tried;
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return best;
  }

  private PromptTooLongException tooLong(Prompt prompt) {
    int tokens = prompt.tokens().size();
    return new PromptTooLongException(tokens, tokens <= countLimit(), contextLength);
  }

  /** Beyond so many tokens the rest of an input is not looked at. */
  private int countLimit() {
    return Math.max(contextLength, LEAST_COUNT_LIMIT) * 4;
  }

  private int answerRoom(CreateResponse request) {
    int share = Math.max(1, contextLength / ANSWER_SHARE);
    Long most = request.maxOutputTokens();
    return most == null ? share : Math.clamp(most, 1, share);
  }

  /** Where the conversation may begin: at each user's message but the first. */
  private static List<Integer> cuts(List<ChatMessage> messages) {
    List<Integer> cuts = new ArrayList<>();
    boolean first = true;
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i) instanceof ChatMessage.User) {
        if (!first) {
          cuts.add(i);
        }
        first = false;
      }
    }
    return cuts;
  }

  /** Without what stands before this place, instructions excepted. */
  private static List<ChatMessage> without(List<ChatMessage> messages, int before) {
    List<ChatMessage> rest = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      if (i >= before || messages.get(i) instanceof ChatMessage.Instruction) {
        rest.add(messages.get(i));
      }
    }
    return rest;
  }

  private Prompt prompt(Turn turn, List<ChatMessage> messages, TurnTools tools)
      throws TemplateException, InterruptedException {
    List<Segment> segments =
        new ArrayList<>(template.render(messages, tools.offered(), settings(turn.request())));
    boolean thinking =
        !segments.isEmpty()
            && segments.getLast().trusted()
            && segments.getLast().text().stripTrailing().endsWith("<think>");
    int limit = countLimit();
    Tokens before = tokenizer.tokenize(segments, limit);
    String continuation = turn.continuation();
    if (continuation == null || continuation.isEmpty()) {
      return new Prompt(before, 0, thinking);
    }
    segments.add(new Segment(continuation, false));
    Tokens all = tokenizer.tokenize(segments, limit);
    return new Prompt(all, Math.max(0, all.size() - before.size()), false);
  }

  private static Map<String, Object> settings(CreateResponse request) {
    Map<String, Object> settings = new HashMap<>();
    if (request.reasoning() != null && request.reasoning().effort() != null) {
      settings.put("enable_thinking", !request.reasoning().effort().equals(Effort.NONE));
      settings.put("reasoning_effort", request.reasoning().effort().wire());
    }
    if (request.chatTemplateKwargs() != null) {
      settings.putAll(ChatTemplate.variables(request.chatTemplateKwargs()));
    }
    return settings;
  }
}
