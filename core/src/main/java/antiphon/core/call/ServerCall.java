package antiphon.core.call;

import antiphon.protocol.item.Item;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a server-run tool, as far as the log tells.
 *
 * @param called what was called
 * @param turn the number of the model's turn that called it
 * @param due whether that turn has come to its end, so that it is to be run
 * @param attempts how often it has been begun
 * @param waiting set if it waits
 * @param woken set if it has been woken
 * @param told set once it is over: what the model sees of it, nothing if the client was asked
 */
public record ServerCall(
    Entry.Called called,
    int turn,
    boolean due,
    int attempts,
    Entry.@Nullable Waiting waiting,
    Entry.@Nullable Woken woken,
    @Nullable List<Item> told) {

  /** Whether nothing is left to be done. */
  public boolean over() {
    return told != null;
  }

  /** Whether it waits, and a client's message would wake it. */
  boolean hears() {
    return waits() && !over() && waiting != null && waiting.hears();
  }

  /** Whether it waits and has not been woken. */
  public boolean waits() {
    return waiting != null && woken == null;
  }
}
