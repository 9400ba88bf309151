package antiphon.engines.embedded;

import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.engines.embedded.chat.Said;
import antiphon.engines.embedded.decode.TokenLogprob;
import antiphon.engines.embedded.llama.Vocabulary;
import antiphon.protocol.content.LogProb;
import antiphon.protocol.content.TopLogProb;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Hands over what a model said in the words of the engine port. */
final class PieceWriter {

  private final PieceSink sink;
  private final TurnTools tools;
  private final Vocabulary vocabulary;
  private FreeInput input = new FreeInput();
  private int calls;
  private boolean custom;
  private boolean thought;

  PieceWriter(PieceSink sink, TurnTools tools, Vocabulary vocabulary) {
    this.sink = sink;
    this.tools = tools;
    this.vocabulary = vocabulary;
  }

  /** Whether the last thing said was a thought. */
  boolean thinking() {
    return thought;
  }

  void write(Said said) throws InterruptedException {
    thought = said instanceof Said.Thought;
    switch (said) {
      case Said.Words words ->
          sink.accept(new Piece.Text(words.text(), logprobs(words.logprobs())));
      case Said.Thought(String text) -> sink.accept(new Piece.ReasoningText(text));
      case Said.CallBegins(String name) -> begin(name);
      case Said.CallArguments(String text) -> {
        String delta = custom ? input.add(text) : text;
        if (!delta.isEmpty()) {
          sink.accept(new Piece.ToolCallDelta(calls - 1, delta));
        }
      }
      case Said.CallEnds _ -> {}
    }
  }

  private void begin(String name) throws InterruptedException {
    Piece.ToolCall.Kind kind = tools.kinds().getOrDefault(name, Piece.ToolCall.Kind.FUNCTION);
    custom = kind == Piece.ToolCall.Kind.CUSTOM;
    input = new FreeInput();
    String id = "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    sink.accept(new Piece.ToolCall(calls++, id, name, kind));
  }

  private List<LogProb> logprobs(List<TokenLogprob> tokens) {
    List<LogProb> all = new ArrayList<>();
    for (TokenLogprob token : tokens) {
      List<TopLogProb> top = new ArrayList<>();
      for (TokenLogprob.Alternative other : token.top()) {
        byte[] bytes = vocabulary.bytes(other.token());
        top.add(
            new TopLogProb(
                vocabulary.written(other.token()), finite(other.logprob()), numbers(bytes)));
      }
      byte[] bytes = vocabulary.bytes(token.token());
      all.add(
          new LogProb(
              vocabulary.written(token.token()), finite(token.logprob()), numbers(bytes), top));
    }
    return all;
  }

  /** JSON has no infinity. */
  private static double finite(double logprob) {
    return Math.max(-9999, logprob);
  }

  private static List<Integer> numbers(byte[] bytes) {
    List<Integer> numbers = new ArrayList<>(bytes.length);
    for (byte value : bytes) {
      numbers.add(value & 0xFF);
    }
    return numbers;
  }
}
