package antiphon.sandbox.agent;

import antiphon.core.sandbox.Execution;
import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import antiphon.core.sandbox.SandboxFile;
import antiphon.core.sandbox.SandboxOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A sandbox with an agent inside. */
final class JailedSandbox implements Sandbox {

  /** How long the agent may be late with the end of an execution whose time is over. */
  private static final Duration LATE = Duration.ofSeconds(6);

  /** How long it may take to stop an execution that nobody waits for. */
  private static final Duration STOPPING = Duration.ofMillis(60);

  private static final Duration FILE = Duration.ofSeconds(10);

  private final Agent agent;
  private final LongSupplier killedForMemory;
  private final ReentrantLock executing = new ReentrantLock(true);

  /**
   * @param killedForMemory how often the kernel has ended a process of it for its memory
   */
  JailedSandbox(Agent agent, LongSupplier killedForMemory) {
    this.agent = agent;
    this.killedForMemory = killedForMemory;
  }

  @Override
  public Execution cell(String code, Duration limit, int maxOutput, SandboxOutput output)
      throws InterruptedException, SandboxException {
    return execute("cell", "code", code, limit, maxOutput, output);
  }

  @Override
  public Execution command(String command, Duration limit, int maxOutput, SandboxOutput output)
      throws InterruptedException, SandboxException {
    return execute("command", "command", command, limit, maxOutput, output);
  }

  private Execution execute(
      String op, String field, String text, Duration limit, int maxOutput, SandboxOutput output)
      throws InterruptedException, SandboxException {
    executing.lockInterruptibly();
    Exchange exchange = new Exchange();
    long id = agent.open(exchange);
    try {
      long killed = killedForMemory.getAsLong();
      agent.send(
          Map.of(
              "op",
              op,
              "id",
              id,
              field,
              text,
              "limit_ms",
              limit.toMillis(),
              "max_output",
              maxOutput));
      JsonNode end = follow(exchange, limit, output);
      return execution(end, killedForMemory.getAsLong() > killed);
    } catch (InterruptedException e) {
      stop(exchange, id);
      throw e;
    } finally {
      agent.forget(id);
      executing.unlock();
    }
  }

  /** Passes on what is said until the end. */
  private JsonNode follow(Exchange exchange, Duration limit, SandboxOutput output)
      throws InterruptedException, SandboxException {
    long until = System.nanoTime() + limit.plus(LATE).toNanos();
    while (true) {
      JsonNode answer = next(exchange, until);
      switch (answer.path("ev").asString("")) {
        case "text" -> output.text(stream(answer), answer.path("text").asString(""));
        case "image" -> picture(answer, output);
        case "done" -> {
          return answer;
        }
        default -> {}
      }
    }
  }

  private static SandboxOutput.Stream stream(JsonNode answer) {
    return answer.path("stream").asString("").equals("stderr")
        ? SandboxOutput.Stream.STDERR
        : SandboxOutput.Stream.STDOUT;
  }

  private static void picture(JsonNode answer, SandboxOutput output) throws InterruptedException {
    byte[] png = bytes(answer);
    // What says that it is one need not be: nothing else is passed on.
    boolean begins = png.length > 8 && (png[0] & 0xff) == 0x89 && png[1] == 'P' && png[2] == 'N';
    if (begins) {
      output.picture(answer.path("name").asString(""), png);
    }
  }

  private static byte[] bytes(JsonNode answer) {
    try {
      return Base64.getDecoder().decode(answer.path("data").asString(""));
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  private JsonNode next(Exchange exchange, long until)
      throws InterruptedException, SandboxException {
    try {
      JsonNode answer = exchange.next(until);
      if (answer == null) {
        agent.close();
        throw ended();
      }
      return answer;
    } catch (Exchange.Ended _) {
      throw ended();
    }
  }

  private SandboxException ended() {
    return new SandboxException(
        SandboxException.Kind.ENDED,
        killedForMemory.getAsLong() > 0
            ? "The sandbox ended because its memory was used up; its files are gone."
            : "The sandbox has ended; its files are gone.");
  }

  private static Execution execution(JsonNode end, boolean memory) {
    String status = end.path("status").asString("");
    Execution.End how =
        switch (status) {
          case "ok" -> Execution.End.DONE;
          case "error" -> Execution.End.ERROR;
          case "timeout" -> Execution.End.TIMEOUT;
          case "memory" -> Execution.End.MEMORY;
          default -> memory ? Execution.End.MEMORY : Execution.End.DIED;
        };
    JsonNode code = end.path("exit_code");
    return new Execution(
        how,
        code.isInt() ? Integer.valueOf(code.intValue()) : null,
        end.path("error").isString() ? end.path("error").stringValue() : null,
        end.path("kept").asBoolean(false),
        end.path("restarted").asBoolean(false),
        end.path("dropped").asLong(0));
  }

  /** Stops an execution and waits until it has; what does not stop in time ends with all else. */
  private void stop(Exchange exchange, long id) {
    boolean stopped = false;
    try {
      agent.send(Map.of("op", "stop", "id", 0, "job", id));
      long until = System.nanoTime() + STOPPING.toNanos();
      JsonNode answer;
      do {
        answer = exchange.next(until);
      } while (answer != null && !answer.path("ev").asString("").equals("done"));
      stopped = answer != null;
    } catch (InterruptedException | Exchange.Ended _) {
      // A second interruption has no patience left.
    }
    if (!stopped) {
      agent.close();
    }
  }

  @Override
  public List<SandboxFile> files() throws InterruptedException, SandboxException {
    JsonNode answer = ask(Map.of("op", "list"));
    List<SandboxFile> files = new ArrayList<>();
    for (JsonNode file : answer.path("files")) {
      files.add(
          new SandboxFile(
              file.path(0).asString(""), file.path(1).asLong(0), file.path(2).asLong(0)));
    }
    return files;
  }

  @Override
  public byte[] read(String path, long offset, int length)
      throws InterruptedException, SandboxException {
    int part = Math.min(length, MAX_PART);
    byte[] data = bytes(ask(Map.of("op", "read", "path", path, "offset", offset, "length", part)));
    return data.length <= part ? data : new byte[0];
  }

  @Override
  public void write(String path, long offset, byte[] data)
      throws InterruptedException, SandboxException {
    String text = Base64.getEncoder().encodeToString(data);
    ask(Map.of("op", "write", "path", path, "offset", offset, "data", text));
  }

  @Override
  public void delete(String path) throws InterruptedException, SandboxException {
    ask(Map.of("op", "delete", "path", path));
  }

  private JsonNode ask(Map<String, ?> request) throws InterruptedException, SandboxException {
    Exchange exchange = new Exchange();
    long id = agent.open(exchange);
    try {
      Map<String, Object> numbered = new HashMap<>(request);
      numbered.put("id", id);
      agent.send(numbered);
      JsonNode answer = next(exchange, System.nanoTime() + FILE.toNanos());
      @Nullable String error = answer.path("error").asString(null);
      if (error != null) {
        throw new SandboxException(SandboxException.Kind.FILE, error);
      }
      return answer;
    } finally {
      agent.forget(id);
    }
  }

  @Override
  public boolean alive() {
    return agent.alive();
  }

  @Override
  public void close() {
    agent.close();
  }
}
