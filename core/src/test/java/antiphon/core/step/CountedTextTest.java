package antiphon.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.create.ReasoningSeal;
import antiphon.core.create.Template;
import antiphon.core.engine.Piece;
import antiphon.core.log.LiveLog;
import antiphon.core.log.LogSink;
import antiphon.core.log.Outcome;
import antiphon.core.log.ResponseState;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.response.Transition;
import antiphon.core.store.Append;
import antiphon.core.store.AppendOutcome;
import antiphon.core.store.EndOutcome;
import antiphon.core.store.LocalSignals;
import antiphon.core.store.NewResponse.Delivery;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.RunKey;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.Usage;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Each word is written down together with its token. */
class CountedTextTest {

  private static final ResponseId ID =
      new ResponseId(Owner.account("tests"), "resp_0000000000000000000000000");

  private final List<Append> appends = new ArrayList<>();
  private final LiveLog log =
      new LiveLog(
          new LogSink.Stored(store(), new LocalSignals(), new RunKey(ID, 1), Delivery.BACKGROUND),
          state());
  private final TurnWriter writer =
      new TurnWriter(
          log,
          new TurnUsage(Usage.ZERO, Usage.ZERO, 7),
          new Sealing(ReasoningSeal.fleeting(), Owner.account("t"), false),
          OpenTools.NONE);

  private ResponseStore store() {
    return (ResponseStore)
        Proxy.newProxyInstance(
            ResponseStore.class.getClassLoader(),
            new Class<?>[] {ResponseStore.class},
            (_, method, args) ->
                switch (method.getName()) {
                  case "append" -> {
                    appends.add((Append) args[0]);
                    yield CompletableFuture.completedFuture(AppendOutcome.DONE);
                  }
                  case "end" -> CompletableFuture.completedFuture(new EndOutcome.Unopposed());
                  case "clock" -> InstantSource.system();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static ResponseState state() {
    CreateResponse request =
        Json.read(
            "{\"model\":\"m\",\"input\":\"x\"}".getBytes(StandardCharsets.UTF_8),
            CreateResponse.class);
    return new ResponseState(ID, Template.of(ID.value(), 0, "m", request, Map.of()), 0);
  }

  private int wordsStored() {
    int words = 0;
    for (Append append : appends) {
      for (byte[] event : append.events()) {
        boolean delta =
            new String(event, StandardCharsets.UTF_8).contains("response.output_text.delta");
        words += delta ? 1 : 0;
      }
    }
    return words;
  }

  private void say(int words) throws InterruptedException {
    for (int i = 0; i < words; i++) {
      writer.accept(new Piece.Text("w "));
      assertThat(appends.getLast().usage().outputTokens()).isEqualTo(wordsStored());
    }
  }

  private Response cancelled() {
    Outcome.Ended ended = (Outcome.Ended) log.end(new Transition.Cancel());
    return Json.readStored(ended.snapshot(), Response.class);
  }

  @Test
  void theStoreNeverHasAWordWithoutItsToken() throws InterruptedException {
    say(5);
    assertThat(cancelled().usage()).isEqualTo(Usage.of(7, 5));
  }

  @Test
  void norWhereTheEngineCountsAsItGoes() throws InterruptedException {
    say(2);
    writer.accept(new Piece.UsageSoFar(Usage.of(11, 2)));
    say(1);
    assertThat(cancelled().usage()).as("told, and one word since").isEqualTo(Usage.of(11, 3));
  }

  @Test
  void whatTheEngineTellsHolds() throws InterruptedException {
    say(3);
    writer.accept(new Piece.UsageSoFar(Usage.of(11, 9)));
    assertThat(cancelled().usage()).isEqualTo(Usage.of(11, 9));
  }
}
