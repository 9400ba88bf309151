package antiphon.sandbox.agent;

import antiphon.core.sandbox.Sandbox;
import antiphon.core.sandbox.SandboxException;
import antiphon.sandbox.jail.JailSettings;
import antiphon.testkit.sandbox.BubblewrapProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How long calls take, how long a cancel takes, how much a sandbox holds; started by hand. */
final class SandboxBench {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long MEMORY = 1L << 30;

  private SandboxBench() {}

  /**
   * @param arguments the folder of Python's packages, or nothing
   */
  public static void main(String[] arguments) throws Exception {
    Path packages = arguments.length == 0 ? null : Path.of(arguments[0]);
    JailSettings usual = JailSettings.DEFAULT;
    JailSettings settings =
        new JailSettings(
            BubblewrapProgram.path(),
            null,
            packages,
            usual.readable(),
            usual.firstUser() + 300_000,
            true,
            usual.bounds());
    System.out.println("load " + Files.readString(Path.of("/proc/loadavg")).strip());
    calls(settings, 0, "cold", 20);
    calls(settings, 1, "warm", 20);
    cancels(settings, "an endless loop", "while True: pass", 50);
    cancels(
        settings,
        "60 processes",
        "import subprocess\nfor _ in range(58): subprocess.Popen(['sleep', '1000'])\n"
            + "print(1)\nwhile True: pass",
        30);
    closes(settings, 20);
    if (packages != null) {
      plot(settings);
    }
    many(settings, 50);
  }

  private static JailedSandboxes sandboxes(JailSettings settings, int warm) {
    return new JailedSandboxes(settings, new SandboxLimits(64, warm, MEMORY, MEMORY));
  }

  private static void calls(JailSettings settings, int warm, String name, int rounds)
      throws Exception {
    List<Double> first = new ArrayList<>();
    List<Double> later = new ArrayList<>();
    try (JailedSandboxes all = sandboxes(settings, warm)) {
      all.open(MEMORY).close();
      for (int i = 0; i < rounds; i++) {
        while (all.warmCount() < warm) {
          Thread.sleep(5);
        }
        long begin = System.nanoTime();
        try (Sandbox sandbox = all.open(MEMORY)) {
          sandbox.cell("1 + 1", LIMIT, 1000, (_, _) -> {});
          first.add(since(begin));
          for (int j = 0; j < 20; j++) {
            begin = System.nanoTime();
            sandbox.cell("1 + 1", LIMIT, 1000, (_, _) -> {});
            later.add(since(begin));
          }
        }
      }
    }
    print("first call, " + name, first);
    print("later call, " + name, later);
  }

  /** From the interruption until the call has ended, when all it had started is gone. */
  private static void cancels(JailSettings settings, String what, String code, int rounds)
      throws Exception {
    List<Double> took = new ArrayList<>();
    int kept = 0;
    try (JailedSandboxes all = sandboxes(settings, 0)) {
      Sandbox sandbox = all.open(MEMORY);
      for (int i = 0; i < rounds; i++) {
        if (!sandbox.alive()) {
          sandbox = all.open(MEMORY);
        }
        Sandbox used = sandbox;
        CountDownLatch said = new CountDownLatch(1);
        AtomicLong ended = new AtomicLong();
        Thread caller =
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    used.cell("print(0)\n" + code, LIMIT, 1000, (_, _) -> said.countDown());
                  } catch (InterruptedException | SandboxException e) {
                    ended.set(System.nanoTime());
                  }
                });
        said.await();
        Thread.sleep(100);
        long begin = System.nanoTime();
        caller.interrupt();
        caller.join();
        took.add((ended.get() - begin) / 1e6);
        kept += sandbox.alive() ? 1 : 0;
      }
    }
    print("cancel of " + what + " (" + kept + " of " + rounds + " containers stay)", took);
  }

  private static void closes(JailSettings settings, int rounds) throws Exception {
    List<Double> took = new ArrayList<>();
    try (JailedSandboxes all = sandboxes(settings, 0)) {
      for (int i = 0; i < rounds; i++) {
        Sandbox sandbox = all.open(MEMORY);
        Thread.ofVirtual()
            .start(() -> {
              try {
                sandbox.command(
                    "for i in $(seq 55); do sleep 1000 & done; echo on; wait",
                    LIMIT,
                    100,
                    (_, _) -> {});
              } catch (InterruptedException | SandboxException e) {
                // That is what is measured.
              }
            });
        Thread.sleep(300);
        long begin = System.nanoTime();
        sandbox.close();
        took.add(since(begin));
      }
    }
    print("end of a whole sandbox of 60 processes", took);
  }

  private static void plot(JailSettings settings) throws Exception {
    String code =
        "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('a')\nplt.show()";
    List<Double> first = new ArrayList<>();
    try (JailedSandboxes all = sandboxes(settings, 1)) {
      all.open(MEMORY).close();
      for (int i = 0; i < 8; i++) {
        while (all.warmCount() < 1) {
          Thread.sleep(5);
        }
        long begin = System.nanoTime();
        try (Sandbox sandbox = all.open(MEMORY)) {
          sandbox.cell(code, LIMIT, 1000, (_, _) -> {});
          first.add(since(begin));
          if (i == 0) {
            System.out.println(
                "memory of a warm sandbox after a plot: " + memory(settings) + " MB");
          }
        }
      }
    }
    print("first call, a plot, warm", first);
  }

  private static void many(JailSettings settings, int count) throws Exception {
    try (JailedSandboxes all = sandboxes(settings, 0)) {
      all.open(MEMORY).close();
      long begin = System.nanoTime();
      CountDownLatch done = new CountDownLatch(count);
      List<Double> later = new ArrayList<>();
      @Nullable Sandbox[] opened = new Sandbox[count];
      for (int i = 0; i < count; i++) {
        int place = i;
        Thread.ofVirtual()
            .start(() -> {
              try {
                Sandbox sandbox = all.open(MEMORY);
                opened[place] = sandbox;
                sandbox.cell("sum(range(100000))", LIMIT, 1000, (_, _) -> {});
              } catch (InterruptedException | SandboxException e) {
                System.out.println(e);
              } finally {
                done.countDown();
              }
            });
      }
      done.await();
      System.out.printf(
          "%d containers, begun at once, each with a call: %.0f ms%n", count, since(begin));
      System.out.println("memory of " + all.count() + ": " + memory(settings) + " MB");
      for (Sandbox sandbox : opened) {
        if (sandbox != null) {
          begin = System.nanoTime();
          sandbox.cell("1 + 1", LIMIT, 1000, (_, _) -> {});
          later.add(since(begin));
        }
      }
      print("later call, one after another in " + count, later);
    }
  }

  /** Of all processes of sandboxes; what they share is shared out among them. */
  private static long memory(JailSettings settings) throws Exception {
    long kilobytes = 0;
    for (String process : Bubblewrap.left(settings)) {
      try {
        kilobytes +=
            Files.readAllLines(Path.of(process, "smaps_rollup")).stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
      } catch (java.io.IOException e) {
        // It has ended.
      }
    }
    return kilobytes / 1000;
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  private static void print(String what, List<Double> millis) {
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf(
        "%-60s p50 %7.1f ms   p99 %7.1f ms   n %d%n",
        what,
        sorted[sorted.length / 2],
        sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))],
        sorted.length);
    if (Arrays.stream(sorted).anyMatch(one -> one < 0)) {
      throw new AssertionError("time runs backwards");
    }
  }
}
