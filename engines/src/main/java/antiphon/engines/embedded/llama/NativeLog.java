package antiphon.engines.embedded.llama;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what llama.cpp would print and gives it to our log at debug level, so that nothing of it
 * reaches the process's own output. Remembers the last complaints, to explain a failed load.
 */
final class NativeLog {

  private static final Logger log = LoggerFactory.getLogger("antiphon.llama");
  private static final int LEVEL_WARN = 3;
  private static final int LEVEL_ERROR = 4;
  private static final int REMEMBERED = 8;

  private final Deque<String> complaints = new ArrayDeque<>();

  /** The C function to hand to {@code llama_log_set}; lives as long as the process. */
  @SuppressWarnings("restricted")
  MemorySegment callback(Linker linker) {
    try {
      MethodHandle take =
          MethodHandles.lookup()
              .bind(
                  this,
                  "take",
                  MethodType.methodType(
                      void.class, int.class, MemorySegment.class, MemorySegment.class));
      return linker.upcallStub(
          take,
          FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
          Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /**
   * Called by native code, on any thread. Nothing may be thrown from here: it would end the
   * process.
   */
  @SuppressWarnings({"restricted", "unused"})
  void take(int level, MemorySegment text, MemorySegment ignored) {
    try {
      String line = text.reinterpret(Long.MAX_VALUE).getString(0).strip();
      if (line.isEmpty() || line.equals(".")) {
        return;
      }
      if (level == LEVEL_WARN || level == LEVEL_ERROR) {
        remember(line);
      }
      log.debug("{}", line);
    } catch (Throwable _) {
      // A line of a log is not worth the process.
    }
  }

  private synchronized void remember(String line) {
    if (complaints.size() == REMEMBERED) {
      complaints.removeFirst();
    }
    complaints.addLast(line);
  }

  synchronized void forget() {
    complaints.clear();
  }

  /** The last warnings and errors since {@link #forget}, in one line. */
  synchronized String complaints() {
    return String.join("; ", complaints);
  }
}
