package antiphon.sandbox.agent;

import antiphon.protocol.json.InvalidJson;
import antiphon.protocol.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The program inside a sandbox, seen from here. Nothing that it says is believed further than its
 * own sandbox: it may be the code it runs that says it.
 */
final class Agent implements AutoCloseable {

  private static final int LONGEST_COMPLAINT = 2000;
  private static final int WAITING_REQUESTS = 4;
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;
  private final BlockingQueue<byte[]> requests = new ArrayBlockingQueue<>(WAITING_REQUESTS);
  private final Tree tree;
  private final Runnable whenEnded;
  private final Map<Long, Exchange> exchanges = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final StringBuilder complaint = new StringBuilder();
  private volatile boolean spoke;
  private volatile boolean over;

  /**
   * @param whenEnded called once, when everything inside has ended
   */
  Agent(Process process, String name, Runnable whenEnded) {
    this.process = process;
    this.tree = new Tree(process);
    this.whenEnded = whenEnded;
    Thread.ofPlatform().name("antiphon-" + name).daemon().start(this::listen);
    // By itself: who inside does not read would hold whoever asks something.
    Thread.ofPlatform().name("antiphon-" + name + "-requests").daemon().start(this::write);
  }

  private void listen() {
    try {
      Lines lines = new Lines(process.getInputStream());
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        hear(line);
      }
    } catch (IOException | InvalidJson | InterruptedException e) {
      // It talks nonsense, or it was closed: it ends.
    } finally {
      over = true;
      tree.kill();
      exchanges.values().forEach(Exchange::over);
      ready.countDown();
      whenEnded.run();
      ended.countDown();
    }
  }

  private void hear(byte[] line) throws InterruptedException {
    if (!spoke && (line.length == 0 || line[0] != '{')) {
      complain(new String(line, StandardCharsets.UTF_8));
      return;
    }
    JsonNode message = Json.read(line, JsonNode.class);
    switch (message.path("ev").asString("")) {
      case "hello" -> spoke = true;
      case "ready" -> ready.countDown();
      default -> {
        Exchange exchange = exchanges.get(message.path("id").asLong(-1));
        if (exchange != null) {
          exchange.add(message);
        }
      }
    }
  }

  private synchronized void complain(String line) {
    if (complaint.length() < LONGEST_COMPLAINT) {
      complaint.append(complaint.isEmpty() ? "" : "; ").append(line.strip());
    }
  }

  /** What was said in place of a greeting; empty if nothing. */
  synchronized String complaint() {
    return complaint.toString();
  }

  /** Waits until cells can begin; false if it has ended instead, or time is over. */
  boolean awaitReady(long seconds) throws InterruptedException {
    return ready.await(seconds, TimeUnit.SECONDS) && !over;
  }

  boolean alive() {
    return !over;
  }

  /** A number for a request, with a place for its answers. */
  long open(Exchange exchange) {
    long id = ids.incrementAndGet();
    exchanges.put(id, exchange);
    if (over) {
      exchange.over();
    }
    return id;
  }

  /** Nobody waits for this request's answers any more. */
  void forget(long id) {
    @Nullable Exchange exchange = exchanges.remove(id);
    if (exchange != null) {
      exchange.leave();
    }
  }

  private void write() {
    try (OutputStream out = process.getOutputStream()) {
      while (!over) {
        byte[] request = requests.poll(1, TimeUnit.SECONDS);
        if (request != null) {
          out.write(request);
          out.flush();
        }
      }
    } catch (IOException | InterruptedException e) {
      // It has ended: the listener tells.
    }
  }

  /** Sends a request. If it cannot be, the sandbox ends, and the request's exchange learns it. */
  void send(Map<String, ?> request) throws InterruptedException {
    byte[] json = Json.bytes(request);
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    if (!requests.offer(line, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      close();
    }
  }

  /** Ends everything inside, and waits until it is gone. */
  @Override
  public void close() {
    over = true;
    tree.kill();
    boolean interrupted = false;
    for (int tries = 0; tries < PATIENCE_SECONDS && ended.getCount() > 0; tries++) {
      try {
        var _ = ended.await(1, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
