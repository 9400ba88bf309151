package antiphon.core.trace;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The trace that the current thread works in. Threads do not inherit it: whoever hands a part of a
 * request's work to another thread takes {@link #current} along.
 */
public final class TraceScope {

  private static final ScopedValue<TraceParent> CURRENT = ScopedValue.newInstance();

  private TraceScope() {}

  /** The trace; null outside of one. */
  public static @Nullable TraceParent current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /** The header of a request that is made now; a new one each time; empty outside of a trace. */
  public static Optional<String> outgoing() {
    return Optional.ofNullable(current()).map(trace -> trace.child().header());
  }

  /** Something that is done in a trace. */
  @FunctionalInterface
  public interface Work<X extends Throwable> {
    void run() throws X;
  }

  /** Works in a trace; null goes on in whatever the thread works in. */
  public static <X extends Throwable> void run(@Nullable TraceParent trace, Work<X> work) throws X {
    if (trace == null) {
      work.run();
    } else {
      var _ = ScopedValue.where(CURRENT, trace).call(() -> done(work));
    }
  }

  private static <X extends Throwable> boolean done(Work<X> work) throws X {
    work.run();
    return true;
  }
}
