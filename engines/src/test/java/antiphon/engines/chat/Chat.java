package antiphon.engines.chat;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import antiphon.core.engine.EngineException;
import antiphon.core.response.Problem;
import antiphon.engines.upstream.Limits;
import antiphon.engines.upstream.UpstreamSettings;
import antiphon.testkit.upstream.FakeUpstream;
import antiphon.testkit.upstream.Heard;
import antiphon.testkit.upstream.Turns;
import java.time.Duration;
import java.time.InstantSource;

/** Makes engines for the tests, and chunks of answers. */
final class Chat {

  static final String KEY = "key-that-nobody-may-see";
  static final String STOP =
      "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

  private Chat() {}

  static String text(String text) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}";
  }

  static ChatCompletionsEngine engine(FakeUpstream upstream) {
    return engine(upstream.url(), Limits.DEFAULT.retrying(0));
  }

  static ChatCompletionsEngine engine(String url, Limits limits) {
    UpstreamSettings settings = UpstreamSettings.at("test", url, KEY).with(limits);
    return new ChatCompletionsEngine(ChatSettings.of(settings), InstantSource.system());
  }

  static Limits hasty(Duration firstToken, Duration betweenTokens) {
    return Limits.DEFAULT.within(Duration.ofSeconds(2), firstToken, betweenTokens).retrying(0);
  }

  /** Runs a turn that must fail, and gives why. */
  static Problem failure(ChatCompletionsEngine engine, Heard heard) {
    EngineException failed =
        catchThrowableOfType(EngineException.class, () -> engine.generate(Turns.hello(), heard));
    if (failed == null) {
      throw new AssertionError("the turn did not fail");
    }
    return failed.problem();
  }
}
