package antiphon.engines.embedded;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.Piece;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.core.response.Problem;
import antiphon.engines.embedded.chat.ChatTemplate;
import antiphon.engines.embedded.chat.OutputParser;
import antiphon.engines.embedded.chat.PromptTokenizer;
import antiphon.engines.embedded.chat.Said;
import antiphon.engines.embedded.chat.TemplateException;
import antiphon.engines.embedded.decode.Decoder;
import antiphon.engines.embedded.decode.Generation;
import antiphon.engines.embedded.decode.GenerationEvent;
import antiphon.engines.embedded.decode.GenerationRequest;
import antiphon.engines.embedded.decode.PromptTooLongException;
import antiphon.engines.embedded.grammar.TokenIndex;
import antiphon.engines.embedded.grammar.UnsupportedSchemaException;
import antiphon.engines.embedded.llama.LlamaException;
import antiphon.engines.embedded.llama.LlamaLibrary;
import antiphon.engines.embedded.llama.LlamaModel;
import antiphon.engines.embedded.llama.LlamaUnavailableException;
import antiphon.engines.embedded.llama.Vocabulary;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.response.Usage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The engine in this process: runs one GGUF model with llama.cpp. Callers wait on Java queues while
 * threads of its own compute; interrupting a caller drops its sequence at once.
 */
public final class EmbeddedEngine implements Engine {

  private final LlamaModel model;
  private final EngineModel described;
  private final Decoder decoder;
  private final ChatTemplate template;
  private final Prompter prompter;
  private final TokenIndex index;
  private final ExecutorService prompting;

  private EmbeddedEngine(
      LlamaModel model, EngineModel described, Decoder decoder, InstantSource clock) {
    this.model = model;
    this.described = described;
    this.decoder = decoder;
    Vocabulary vocabulary = model.vocabulary();
    PromptTokenizer tokenizer = new PromptTokenizer(model);
    this.template =
        ChatTemplate.of(
            model.gguf().text("tokenizer.chat_template").orElse(""),
            vocabulary.written(vocabulary.bos()),
            vocabulary.written(vocabulary.eos()),
            tokenizer::suspicious,
            clock);
    this.prompter = new Prompter(template, tokenizer, decoder.settings().contextLength());
    this.index = new TokenIndex(vocabulary);
    // Native tokenizing would hold a virtual thread's carrier.
    this.prompting =
        Executors.newFixedThreadPool(
            2, Thread.ofPlatform().daemon().name("antiphon-prompt-", 0).factory());
  }

  /**
   * Loads a model and takes the memory for a first sequence.
   *
   * @param gguf the model's file; requests name the model like it, without its ending
   * @throws EmbeddedEngineException saying what is wrong with the file, the settings or the machine
   */
  public static EmbeddedEngine open(Path gguf, EmbeddedSettings settings)
      throws EmbeddedEngineException {
    return open(gguf, settings, InstantSource.system());
  }

  /**
   * The same.
   *
   * @param clock for chat templates that tell the date
   * @throws EmbeddedEngineException saying what is wrong with the file, the settings or the machine
   */
  static EmbeddedEngine open(Path gguf, EmbeddedSettings settings, InstantSource clock)
      throws EmbeddedEngineException {
    LlamaModel model = null;
    try {
      model = LlamaModel.load(LlamaLibrary.get(), gguf);
      int processors = Runtime.getRuntime().availableProcessors();
      Decoder decoder =
          new Decoder(model, settings.forModel(model.gguf(), totalMemory(), processors));
      EngineModel described =
          new EngineModel(
              nameOf(gguf),
              Files.getLastModifiedTime(gguf).to(TimeUnit.SECONDS),
              model.gguf().text("general.organization").orElse("local"),
              decoder.settings().contextLength());
      return new EmbeddedEngine(model, described, decoder, clock);
    } catch (IOException
        | LlamaException
        | LlamaUnavailableException
        | IllegalArgumentException e) {
      if (model != null) {
        model.close();
      }
      throw new EmbeddedEngineException(Objects.requireNonNullElse(e.getMessage(), ""), e);
    }
  }

  /** Of the machine, or of the container. */
  private static long totalMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  /** A file's name as a model's name: without the ending, in small letters. */
  static String nameOf(Path gguf) {
    Path file = gguf.getFileName();
    String name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
    String bare = name.endsWith(".gguf") ? name.substring(0, name.length() - 5) : name;
    return bare.isBlank() ? "embedded" : bare;
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public List<EngineModel> models() {
    return List.of(described);
  }

  @Override
  public int concurrency() {
    return decoder.settings().slots();
  }

  @Override
  public boolean continuesMessages() {
    return true;
  }

  /** What the engine is doing now. */
  public Decoder.Load load() {
    return decoder.load();
  }

  @Override
  public Optional<Refusal> refuses(Turn turn) {
    return TurnMessages.refuses(turn)
        .or(() -> TurnConstraint.refuses(turn.request(), TurnTools.of(turn.request())));
  }

  @Override
  public Optional<Integer> countInputTokens(Turn turn)
      throws EngineException, InterruptedException {
    Prompter.Prompt prompt = prompt(turn, TurnTools.of(turn.request()), false);
    return Optional.of(prompt.tokens().size() - prompt.continued());
  }

  @Override
  public TurnResult generate(Turn turn, PieceSink sink)
      throws EngineException, InterruptedException {
    TurnTools tools = TurnTools.of(turn.request());
    Prompter.Prompt prompt = prompt(turn, tools, true);
    Generation generation = start(turn, tools, prompt);
    try {
      return follow(turn, tools, prompt, generation, sink);
    } finally {
      generation.cancel();
    }
  }

  private Prompter.Prompt prompt(Turn turn, TurnTools tools, boolean limited)
      throws EngineException, InterruptedException {
    Future<Prompter.Prompt> prompt;
    try {
      prompt = prompting.submit(() -> prompter.prompt(turn, tools, limited));
    } catch (RejectedExecutionException e) {
      throw closed(e);
    }
    try {
      return prompt.get();
    } catch (InterruptedException e) {
      prompt.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw problem(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private Generation start(Turn turn, TurnTools tools, Prompter.Prompt prompt)
      throws EngineException {
    String already = Objects.requireNonNullElse(turn.continuation(), "");
    try {
      GenerationRequest request =
          TurnSampling.request(
              turn.request(), prompt, TurnConstraint.of(turn.request(), tools, index, already));
      return decoder.start(request);
    } catch (PromptTooLongException | UnsupportedSchemaException | RuntimeException e) {
      throw problem(e);
    }
  }

  private TurnResult follow(
      Turn turn, TurnTools tools, Prompter.Prompt prompt, Generation generation, PieceSink sink)
      throws EngineException, InterruptedException {
    boolean goingOn = prompt.continued() > 0;
    boolean bareCalls = !template.marksCalls() && plainText(turn.request());
    OutputParser parser =
        new OutputParser(tools.kinds().keySet(), bareCalls, prompt.thinking(), goingOn);
    PieceWriter writer = new PieceWriter(sink, tools, model.vocabulary());
    int reasoning = 0;
    sink.accept(new Piece.UsageSoFar(usage(prompt, generation, 0)));
    while (true) {
      switch (generation.next()) {
        case GenerationEvent.Text text -> {
          for (Said said : parser.add(text.text(), text.logprobs())) {
            writer.write(said);
          }
          reasoning = writer.thinking() ? generation.drawnTokens() : reasoning;
          sink.accept(new Piece.UsageSoFar(usage(prompt, generation, reasoning)));
        }
        case GenerationEvent.Ended(GenerationEvent.Reason reason) -> {
          for (Said said : parser.finish()) {
            writer.write(said);
          }
          Usage usage = usage(prompt, generation, reasoning);
          sink.accept(new Piece.UsageSoFar(usage));
          return new TurnResult(reason(reason), usage, described.id());
        }
        case GenerationEvent.Failed(String message) ->
            throw new EngineException(
                new Problem.Engine(Problem.Engine.Kind.BROKEN, message, null));
        case GenerationEvent.Cancelled _ ->
            throw new EngineException(
                new Problem.Engine(Problem.Engine.Kind.BROKEN, "The sequence was dropped.", null));
      }
    }
  }

  /** What was drawn before the text to go on with counts as output. */
  private static Usage usage(Prompter.Prompt prompt, Generation generation, int reasoning) {
    int input = prompt.tokens().size() - prompt.continued();
    int cached = Math.min(generation.cachedTokens(), input);
    int output = prompt.continued() + generation.drawnTokens();
    return Usage.of(input, cached, output, Math.min(reasoning, output));
  }

  private static boolean plainText(CreateResponse request) {
    return request.text() == null
        || request.text().format() == null
        || request.text().format().type().equals("text");
  }

  private static TurnResult.Reason reason(GenerationEvent.Reason reason) {
    return switch (reason) {
      case END_OF_TURN, STOP_STRING -> TurnResult.Reason.STOP;
      case MAX_TOKENS, CONTEXT_FULL -> TurnResult.Reason.LENGTH;
    };
  }

  private static EngineException problem(Throwable cause) {
    String message = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    return switch (cause) {
      case PromptTooLongException _ ->
          new EngineException(
              new Problem.Invalid(message, "input", "context_length_exceeded"), cause);
      case TemplateException _ ->
          new EngineException(
              new Problem.Invalid(
                  "The model's chat template refuses the conversation: " + message, "input", null),
              cause);
      case UnsupportedSchemaException _ ->
          new EngineException(new Problem.Invalid(message, "text.format.schema", null), cause);
      case IllegalArgumentException _ ->
          new EngineException(new Problem.Invalid(message, null, null), cause);
      case IllegalStateException _ -> closed(cause);
      default ->
          new EngineException(new Problem.Engine(Problem.Engine.Kind.BROKEN, message, null), cause);
    };
  }

  private static EngineException closed(Throwable cause) {
    return new EngineException(
        new Problem.Engine(
            Problem.Engine.Kind.UNAVAILABLE, "The embedded engine has been closed.", null),
        cause);
  }

  /** Drops all sequences and frees the model; further calls are refused. */
  @Override
  public void close() {
    prompting.shutdownNow();
    decoder.close();
    model.close();
  }
}
