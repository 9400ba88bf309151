package antiphon.core.service;

import antiphon.core.conversation.ConversationStore;
import antiphon.core.create.Conversations;
import antiphon.core.create.CreateRules;
import antiphon.core.create.IdempotencyKey;
import antiphon.core.create.ToolSecrets;
import antiphon.core.engine.Engines;
import antiphon.core.log.Wakeups;
import antiphon.core.prompt.PromptLibrary;
import antiphon.core.response.Owner;
import antiphon.core.run.LiveResponses;
import antiphon.core.run.Runner;
import antiphon.core.run.RunnerSettings;
import antiphon.core.store.ResponseStore;
import antiphon.core.store.Signals;
import antiphon.core.tool.ServerTools;
import antiphon.protocol.request.CreateResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes responses: checks the request, writes the row, and gets the run in line. */
public final class Creator {

  private final PromptLibrary prompts;
  private final Preparation preparation;
  private final NewRows rows;
  private final BackgroundCreator background;
  private final ForegroundCreator foreground;

  /**
   * @param conversations puts together what a response answers
   * @param kept where conversations are kept; null if they are not
   * @param prompts that requests may name
   */
  public Creator(
      RunnerSettings settings,
      ResponseStore store,
      Signals signals,
      LiveResponses live,
      Engines engines,
      Conversations conversations,
      @Nullable ConversationStore kept,
      Wakeups wakeups,
      ServerTools tools,
      ToolSecrets secrets,
      PromptLibrary prompts,
      Runner runner) {
    this.prompts = prompts;
    this.preparation =
        new Preparation(settings, store.clock(), engines, conversations, tools, secrets);
    this.rows = new NewRows(store, kept, live);
    this.background = new BackgroundCreator(settings, store, signals, rows);
    this.foreground =
        new ForegroundCreator(
            settings,
            store,
            signals,
            live,
            rows,
            runner,
            new ConversationTurns(store, wakeups, ConversationTurns.PATIENCE));
  }

  /**
   * Makes a response, or finds the one that the key has made.
   *
   * @param key null for a new response in any case
   */
  Made create(Owner owner, CreateResponse request, @Nullable String key)
      throws InterruptedException {
    CreateRules.check(request);
    if (key == null) {
      return make(owner, request, null);
    }
    IdempotencyKey once = IdempotencyKey.of(key, request);
    // Before anything that may have changed meanwhile is looked at: models, other responses, load.
    Optional<Made> before = rows.before(owner, once);
    return before.isPresent() ? before.get() : make(owner, request, once);
  }

  /** How many tokens the input of this request would have; nothing is made. */
  int countInputTokens(Owner owner, CreateResponse request) throws InterruptedException {
    CreateRules.check(request);
    return preparation.countInputTokens(owner, prompts.resolved(owner, request));
  }

  /** The types of the tools that a request is served without. */
  List<String> leftOut(CreateResponse request) {
    return preparation.leftOut(request);
  }

  private Made make(Owner owner, CreateResponse asked, @Nullable IdempotencyKey key)
      throws InterruptedException {
    CreateResponse request = prompts.resolved(owner, asked);
    return Boolean.TRUE.equals(request.background())
        ? background.create(preparation.prepare(owner, request), key)
        : foreground.create(() -> preparation.prepare(owner, request), key);
  }
}
