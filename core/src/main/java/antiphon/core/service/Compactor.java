package antiphon.core.service;

import antiphon.core.api.Created;
import antiphon.core.create.Compacting;
import antiphon.core.create.ContextSource;
import antiphon.core.create.Conversations;
import antiphon.core.create.CreateRules;
import antiphon.core.create.InputItems;
import antiphon.core.create.ReasoningSeal;
import antiphon.core.create.ShownInput;
import antiphon.core.create.Summarizing;
import antiphon.core.create.Summary;
import antiphon.core.engine.Engines;
import antiphon.core.engine.Plan;
import antiphon.core.response.Ids;
import antiphon.core.response.Owner;
import antiphon.core.response.Problem;
import antiphon.core.response.Rejected;
import antiphon.protocol.item.Item;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CompactResponse;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Compacted;
import antiphon.protocol.response.Response;
import antiphon.protocol.response.Usage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums conversations up. The model that is asked for does it, part by part where the whole is too
 * long for it, in responses that are not kept: so they wait, fall back and are cancelled like all.
 */
public final class Compactor {

  private final Conversations conversations;
  private final Engines engines;
  private final ReasoningSeal seal;
  private final InstantSource clock;
  private final Ids ids;

  public Compactor(
      Conversations conversations, Engines engines, ReasoningSeal seal, InstantSource clock) {
    this.conversations = conversations;
    this.engines = engines;
    this.seal = seal;
    this.clock = clock;
    this.ids = new Ids(clock);
  }

  /** Makes responses. */
  interface Maker {
    Created create(Owner owner, CreateResponse request, @Nullable String key)
        throws InterruptedException;
  }

  Compacted compact(Owner owner, CompactResponse request, Maker maker) throws InterruptedException {
    CreateRules.check(request);
    Plan plan =
        engines
            .plan(request.model(), List.of())
            .orElseThrow(() -> Preparation.unknownModel(request.model(), "model"));
    String id = ids.response();
    List<Item> input = InputItems.of(id, request.input());
    String previous = request.previousResponseId();
    Compacting.Parts parts =
        conversations.parts(
            owner,
            previous == null ? new ContextSource.Items() : new ContextSource.Chain(previous),
            input,
            Json.bytes(input).length);
    Usage usage = Usage.ZERO;
    String summary = "";
    for (String portion : Summarizing.portions(parts.transcript(), plan.first().contextLength())) {
      Response made =
          made(
              owner,
              Summarizing.request(request.model(), Summarizing.asked(summary, portion)),
              maker);
      summary = made.outputText().strip();
      usage = usage.plus(made.usage());
      if (summary.isEmpty()) {
        throw new Rejected(
            new Problem.Engine(
                Problem.Engine.Kind.BROKEN, "The model has written no summary.", null));
      }
    }
    List<Item> output = new ArrayList<>();
    // As clients read items, however short they were given.
    parts.before().stream().map(ShownInput::of).forEach(output::add);
    output.add(Summary.of(summary).sealed(seal, owner, ids.next("cmp")));
    parts.after().stream().map(ShownInput::of).forEach(output::add);
    return new Compacted(id, clock.millis() / 1000, output, usage);
  }

  private static Response made(Owner owner, CreateResponse request, Maker maker)
      throws InterruptedException {
    if (!(maker.create(owner, request, null) instanceof Created.Running running)) {
      throw new IllegalStateException("a foreground response was not run in the foreground");
    }
    Created.Finished finished;
    try {
      finished = running.await();
    } catch (InterruptedException e) {
      running.clientGone();
      throw e;
    }
    if (finished.problem() != null) {
      throw new Rejected(finished.problem());
    }
    return Json.readStored(finished.snapshot(), Response.class);
  }
}
