package antiphon.sandbox.agent;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request and the answers to it, as they come; a few of them wait at most. */
final class Exchange {

  private static final int ROOM = 8;
  private static final long TICK_MILLIS = 100;

  /** An empty one stands for the end of the sandbox. */
  private final BlockingQueue<Optional<JsonNode>> answers = new ArrayBlockingQueue<>(ROOM);

  private volatile boolean over;
  private volatile boolean left;

  /** Adds an answer; waits while there is no room, unless nobody is interested any more. */
  void add(JsonNode answer) throws InterruptedException {
    while (!left && !answers.offer(Optional.of(answer), TICK_MILLIS, TimeUnit.MILLISECONDS)) {
      // Asked again whether somebody still listens.
    }
  }

  /** The sandbox has ended. */
  void over() {
    over = true;
    var _ = answers.offer(Optional.empty());
  }

  /** Nobody listens any more. */
  void leave() {
    left = true;
    answers.clear();
  }

  /**
   * The next answer.
   *
   * @param until in {@link System#nanoTime}
   * @return null if there is none until then
   * @throws Ended if none will come
   */
  @Nullable JsonNode next(long until) throws InterruptedException, Ended {
    while (true) {
      if (over && answers.isEmpty()) {
        throw new Ended();
      }
      long wait = Math.min(until - System.nanoTime(), TimeUnit.SECONDS.toNanos(1));
      Optional<JsonNode> answer = answers.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
      if (answer != null) {
        return answer.orElseThrow(Ended::new);
      }
      if (System.nanoTime() >= until) {
        return null;
      }
    }
  }

  /** The sandbox has ended. */
  static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
