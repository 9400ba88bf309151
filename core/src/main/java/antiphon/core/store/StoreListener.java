package antiphon.core.store;

/**
 * Hears of the writes of a store, for metrics and the like. The store waits for a listener, so one
 * that takes long slows it down; what it throws is told once a minute and does no harm otherwise.
 */
public interface StoreListener {

  /** Hears nothing. */
  StoreListener NONE = new StoreListener() {};

  /**
   * Somebody hands a write in; on the caller's thread, before it takes its place in the queue.
   *
   * @param write its name, that of the store's method: {@code append} for example
   */
  default void submitted(String write) {}

  /** A write is about to be executed; on the writer's thread, inside the transaction. */
  default void executing(String write) {}

  /** A write has been executed; its transaction may still fail. */
  default void executed(String write) {}

  /** A transaction with so many writes is about to be committed. */
  default void committing(int writes) {}

  /**
   * It is durable, and nobody has been told yet.
   *
   * @param nanos how long the transaction took, the commit included
   */
  default void committed(int writes, long nanos) {}

  /** A transaction with so many writes has failed; they may be tried again. */
  default void failed(int writes, Throwable cause) {}
}
