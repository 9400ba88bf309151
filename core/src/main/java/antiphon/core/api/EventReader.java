package antiphon.core.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the events of one response in order, on any node. Used by one thread. */
public interface EventReader extends AutoCloseable {

  /**
   * The next events; waits until there is one.
   *
   * @param patience how long to wait
   * @return encoded events, each with its {@code type} and {@code sequence_number}; empty if none
   *     came in time; null after the terminal event has been given
   */
  @Nullable List<EncodedEvent> next(Duration patience) throws InterruptedException;

  @Override
  void close();
}
