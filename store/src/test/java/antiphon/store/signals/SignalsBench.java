package antiphon.store.signals;

import antiphon.core.store.Signals;
import antiphon.core.store.Signals.Signal;
import antiphon.store.postgres.PostgresSignals;
import antiphon.store.redis.RedisSignals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * From one node's publish to another's ear: started by hand with the address of a PostgreSQL, and
 * of a Redis.
 */
final class SignalsBench {

  private static final long SECOND = 1_000_000_000L;

  private SignalsBench() {}

  public static void main(String[] args) throws InterruptedException {
    for (String url : args) {
      for (int perSecond : new int[] {200, 1_000, 5_000}) {
        try (Signals one = open(url);
            Signals other = open(url)) {
          measure(url, one, other, perSecond);
        }
      }
    }
  }

  private static Signals open(String url) {
    return url.startsWith("redis") ? RedisSignals.open(url) : PostgresSignals.open(url);
  }

  private static void measure(String url, Signals one, Signals other, int perSecond)
      throws InterruptedException {
    Map<String, Long> sent = new ConcurrentHashMap<>();
    List<Long> took = Collections.synchronizedList(new ArrayList<>());
    var _ =
        other.subscribe(signal -> {
          if (signal instanceof Signal.Changed(String id)) {
            Long start = sent.get(id);
            if (start != null) {
              took.add(System.nanoTime() - start);
            }
          }
        });
    Thread.sleep(1_000);
    int count = 5 * perSecond;
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      LockSupport.parkNanos(begin + i * SECOND / perSecond - System.nanoTime());
      String id = "resp_" + i;
      sent.put(id, System.nanoTime());
      one.publish(new Signal.Changed(id));
    }
    Thread.sleep(1_000);
    List<Long> sorted = took.stream().sorted().toList();
    System.out.printf(
        "%-10s %5d a second: %d of %d heard, p50 %.2f ms, p99 %.2f ms%n",
        url.substring(0, url.indexOf(':')),
        perSecond,
        sorted.size(),
        count,
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6);
  }
}
