package antiphon.core.life;

/**
 * Something that works by itself from its start to its stop. Its constructor starts nothing, so it
 * can be put together with others before any of them works.
 */
public interface Lifecycle extends AutoCloseable {

  /**
   * Begins to work, once.
   *
   * @throws IllegalStateException if it has been started or stopped before
   */
  void start();

  /**
   * Stops; what is under way is interrupted and may still be at its end when this returns. Harmless
   * before the start, which is refused from then on, and when it has been done before.
   */
  @Override
  void close();

  /** Whether it has been stopped and nothing of it works any more. */
  boolean stopped();
}
