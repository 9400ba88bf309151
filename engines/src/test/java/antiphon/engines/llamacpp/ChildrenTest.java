package antiphon.engines.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.engines.chat.ChatCompletionsEngine;
import antiphon.engines.llamacpp.ChildState.Running;
import antiphon.engines.upstream.UpstreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has a child when there may not be one for every model: children that only sleep. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ChildrenTest {

  private static final String NOWHERE = "http://127.0.0.1:9/v1";
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;

  private final Queue<Child> started = new ConcurrentLinkedQueue<>();
  private final AtomicInteger most = new AtomicInteger();

  @Test
  void thereAreNeverMoreThanThereMayBe() throws Exception {
    try (Children children = children(2, LONG);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int client = 0; client < 8; client++) {
        Random random = new Random(client);
        all.add(
            clients.submit(() -> {
              for (int i = 0; i < 12; i++) {
                Supervisor wanted = children.of("m" + random.nextInt(3));
                Running running = children.acquire(wanted);
                try {
                  assertThat(running.child().alive()).isTrue();
                } finally {
                  wanted.release();
                }
              }
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(started).hasSizeGreaterThan(2);
    assertThat(most.get()).isEqualTo(2);
    assertThat(started).noneMatch(Child::alive);
  }

  @Test
  void aModelThatIsAskedForAllTheTimeDoesNotKeepTheOthersOut() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (Children children = children(1, Duration.ofMillis(300));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Supervisor busy = children.of("m0");
      List<Future<?>> all = new ArrayList<>();
      AtomicInteger using = new AtomicInteger();
      for (int client = 0; client < 4; client++) {
        all.add(
            clients.submit(() -> {
              while (!over.get()) {
                Running running = children.acquire(busy);
                using.incrementAndGet();
                // Hands over to the next one, so that the child is never idle.
                int now = using.get();
                long deadline = System.nanoTime() + Duration.ofMillis(50).toNanos();
                while (using.get() == now && System.nanoTime() < deadline) {
                  Thread.sleep(1);
                }
                busy.release();
                assertThat(running).isNotNull();
              }
              return null;
            }));
      }
      RealChild.await(() -> using.get() > 4);
      Supervisor patient = children.of("m1");
      Running mine = children.acquire(patient);
      assertThat(mine.child().alive()).isTrue();
      patient.release();
      over.set(true);
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(most.get()).isEqualTo(1);
  }

  private Children children(int mostRunning, Duration patience) throws IOException {
    Path program = folder.resolve("sleeps");
    Files.writeString(program, "#!/bin/sh\nexec sleep 600\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    List<LlamaModel> models = new ArrayList<>();
    for (String id : List.of("m0", "m1", "m2")) {
      models.add(new LlamaModel(id, folder.resolve(id), null, 1, 1, null, 8, null, null, Map.of()));
    }
    LlamaCppSettings settings =
        LlamaCppSettings.of("llama.cpp", models, folder).holding(mostRunning, LONG);
    return new Children(
        settings, patience, InstantSource.system(), model -> starter(program, model));
  }

  private Supervisor.Starter starter(Path program, LlamaModel model) {
    return new Supervisor.Starter() {
      @Override
      public LlamaModel model() {
        return model;
      }

      @Override
      public Running start() throws Supervisor.StartFailed {
        try {
          Child child =
              Child.start(
                  new Program.LlamaServer(program), model, null, new ChildLog(folder, model.id()));
          started.add(child);
          most.accumulateAndGet((int) started.stream().filter(Child::alive).count(), Math::max);
          UpstreamSettings upstream = UpstreamSettings.at("llama.cpp", NOWHERE, null);
          return new Running(
              child,
              new ChatCompletionsEngine(
                  Speech.of(upstream.serving(List.of())), InstantSource.system()),
              false,
              InstantSource.system().instant());
        } catch (IOException e) {
          throw new Supervisor.StartFailed(e.toString());
        }
      }
    };
  }
}
