package antiphon.engines.embedded.decode;

import antiphon.engines.embedded.llama.LlamaContext;
import antiphon.engines.embedded.llama.LlamaException;
import antiphon.engines.embedded.llama.Vocabulary;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One sequence from its prompt to its end, moved on step by step by whichever worker has its turn.
 * Its place and state belong to the {@link Decoder}, under its lock; the rest to the running
 * worker.
 */
final class Sequence {

  /** Where a sequence is. */
  enum State {
    WAITING,
    /** It has a place, whose memory has still to be taken or is being taken. */
    SETTLING,
    READY,
    RUNNING,
    OVER
  }

  State state = State.WAITING;
  boolean cancelled;
  @Nullable Slot slot;

  private final GenerationRequest request;
  private final Vocabulary vocabulary;
  private final Generation generation;
  private final Sampler sampler;
  private final TextAssembler text;
  private final int limit;
  private int[] tokens;
  private int length;
  private boolean begun;
  private volatile int cached;
  private final AtomicInteger drawn = new AtomicInteger();

  Sequence(GenerationRequest request, Vocabulary vocabulary, int contextLength, Decoder decoder) {
    this.request = request;
    this.vocabulary = vocabulary;
    this.limit = contextLength;
    this.generation = new Generation(decoder, this);
    this.tokens = request.prompt().toArray();
    this.length = tokens.length;
    this.sampler =
        new Sampler(request.sampling(), vocabulary, tokens, tokens.length, request.constraint());
    this.text = new TextAssembler(request.stops());
  }

  Generation generation() {
    return generation;
  }

  int promptTokens() {
    return request.prompt().size();
  }

  int cachedTokens() {
    return cached;
  }

  int drawnTokens() {
    return drawn.get();
  }

  int[] tokens() {
    return tokens;
  }

  /** Whether it must not depend on what was read before it. */
  boolean exact() {
    return request.exact();
  }

  /** Whether its next step reads several tokens at once. */
  boolean readsTogether() {
    return length - (begun ? Objects.requireNonNull(slot).context().length() : cached) > 1;
  }

  /** Takes its place, going on from what was read there. */
  void take(Slot place) {
    slot = place;
    cached = place.reusable(tokens, request.exact());
  }

  /**
   * Reads a part of the prompt, or draws a token.
   *
   * @return how it ended, null if there is more to do
   */
  GenerationEvent.@Nullable Over step(Pace pace, float[] logits) throws LlamaException {
    LlamaContext context = Objects.requireNonNull(slot).context();
    if (!begun) {
      begun = true;
      context.truncate(cached);
      cached = context.length();
    }
    int unread = length - context.length();
    int count = pace.share(unread);
    long began = System.nanoTime();
    if (context.read(tokens, context.length(), count, count == unread)
        == LlamaContext.Outcome.STOPPED) {
      return new GenerationEvent.Cancelled();
    }
    if (unread > 1) {
      pace.took(count, System.nanoTime() - began);
    }
    if (count < unread) {
      return null;
    }
    context.logits(logits);
    return take(sampler.draw(logits));
  }

  private GenerationEvent.@Nullable Over take(TokenLogprob next) {
    drawn.incrementAndGet();
    if (vocabulary.ends(next.token())) {
      return finish(GenerationEvent.Reason.END_OF_TURN);
    }
    append(next.token());
    byte[] bytes = vocabulary.bytes(next.token());
    tell(text.add(bytes, bytes.length > 0 && request.sampling().logprobs() ? next : null));
    if (text.stopped()) {
      return new GenerationEvent.Ended(GenerationEvent.Reason.STOP_STRING);
    }
    Constraint constraint = request.constraint();
    if (constraint != null && constraint.finished()) {
      return finish(GenerationEvent.Reason.END_OF_TURN);
    }
    if (drawn.get() >= request.maxTokens()) {
      return finish(GenerationEvent.Reason.MAX_TOKENS);
    }
    return length >= limit ? finish(GenerationEvent.Reason.CONTEXT_FULL) : null;
  }

  private GenerationEvent.Over finish(GenerationEvent.Reason reason) {
    tell(text.finish());
    return new GenerationEvent.Ended(reason);
  }

  private void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.min(limit, length + Math.max(64, length / 2)));
    }
    tokens[length++] = token;
  }

  private void tell(TextAssembler.Piece piece) {
    if (!piece.text().isEmpty()) {
      generation.tell(new GenerationEvent.Text(piece.text(), piece.logprobs()));
    }
  }
}
