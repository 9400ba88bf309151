package antiphon.engines.embedded;

import antiphon.engines.embedded.decode.Constraint;
import antiphon.engines.embedded.decode.GenerationRequest;
import antiphon.engines.embedded.decode.Sampling;
import antiphon.protocol.request.CreateResponse;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** How a turn's tokens are to be drawn, from the request's fields. */
final class TurnSampling {

  private TurnSampling() {}

  static GenerationRequest request(
      CreateResponse request, Prompter.Prompt prompt, @Nullable Constraint constraint) {
    Sampling sampling = sampling(request);
    CreateResponse.Stop stop = request.stop();
    return new GenerationRequest(
        prompt.tokens(),
        sampling,
        stop == null ? List.of() : stop.texts(),
        maxTokens(request, prompt.continued()),
        sampling.temperature() == 0 || request.seed() != null,
        constraint);
  }

  private static int maxTokens(CreateResponse request, int already) {
    Long most = request.maxOutputTokens();
    return most == null ? Integer.MAX_VALUE : Math.clamp(most - already, 1, Integer.MAX_VALUE);
  }

  private static Sampling sampling(CreateResponse request) {
    boolean greedy = Boolean.FALSE.equals(request.doSample());
    Long seed = request.seed();
    int top = request.topLogprobs() == null ? 0 : Math.clamp(request.topLogprobs(), 0, 20);
    boolean logprobs =
        top > 0
            || (request.include() != null
                && request.include().contains(CreateResponse.Include.LOGPROBS));
    return new Sampling(
        greedy ? 0 : or(request.temperature(), 1),
        request.topK() == null ? 0 : request.topK(),
        or(request.topP(), 1),
        or(request.minP(), 0),
        or(request.repetitionPenalty(), 1),
        or(request.presencePenalty(), 0),
        or(request.frequencyPenalty(), 0),
        seed == null ? ThreadLocalRandom.current().nextLong() : seed,
        logprobs,
        top);
  }

  private static double or(@Nullable Double value, double fallback) {
    return value == null ? fallback : value;
  }
}
