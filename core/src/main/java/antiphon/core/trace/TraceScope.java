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

  /** Works in a trace; null goes on in whatever the thread works in. */
  public static void run(@Nullable TraceParent trace, Runnable work) {
    if (trace == null) {
      work.run();
    } else {
      ScopedValue.where(CURRENT, trace).run(work);
    }
  }

  /** The same, with an outcome. */
  public static <T extends @Nullable Object, X extends Throwable> T call(
      @Nullable TraceParent trace, ScopedValue.CallableOp<? extends T, X> work) throws X {
    return trace == null ? work.call() : ScopedValue.where(CURRENT, trace).call(work);
  }
}
