package antiphon.http;

import antiphon.core.api.EncodedEvent;
import antiphon.core.api.EventReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A reader that always has another event of 64 KB. */
final class EndlessReader implements EventReader {

  private static final EncodedEvent EVENT = ScriptedReader.event("big", 0, 64 * 1024);

  private final AtomicInteger taken;

  EndlessReader(AtomicInteger taken) {
    this.taken = taken;
  }

  @Override
  public @Nullable List<EncodedEvent> next(Duration patience) {
    taken.incrementAndGet();
    return List.of(EVENT);
  }

  @Override
  public void close() {}
}
