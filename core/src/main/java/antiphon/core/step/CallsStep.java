package antiphon.core.step;

import antiphon.core.call.ServerCall;
import antiphon.core.log.LiveLog;
import antiphon.core.trace.TraceScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the calls of a turn, at the same time where the request allows it. */
final class CallsStep {

  private static final Logger LOG = LoggerFactory.getLogger(CallsStep.class);

  /** So many calls of one response run at the same time. */
  private static final int MOST_AT_ONCE = 16;

  private static final int NOTICE_SECONDS = 10;

  private final Run run;
  private final OpenTools tools;
  private final RunReport report;

  CallsStep(Run run, OpenTools tools, RunReport report) {
    this.run = run;
    this.tools = tools;
    this.report = report;
  }

  /** How many calls the response may make. */
  int mostCalls() {
    Integer asked = run.request().maxToolCalls();
    return asked == null ? tools.limits().calls() : asked;
  }

  /** Whether the model may make more. */
  boolean mayCall() {
    return run.log().progress().calls().size() < mostCalls();
  }

  void run(List<ServerCall> calls) throws InterruptedException {
    boolean parallel = !Boolean.FALSE.equals(run.request().parallelToolCalls());
    if (calls.size() == 1 || !parallel) {
      for (ServerCall call : calls) {
        one(call);
      }
    } else {
      together(calls);
    }
  }

  private void one(ServerCall call) throws InterruptedException {
    LiveLog log = run.log();
    List<ServerCall> all = log.progress().calls();
    int place = 0;
    while (!all.get(place).called().itemId().equals(call.called().itemId())) {
      place++;
    }
    new CallStep(log, tools, report).run(call, place < mostCalls());
  }

  private void together(List<ServerCall> calls) throws InterruptedException {
    Semaphore places = new Semaphore(MOST_AT_ONCE);
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tool-", 0).factory());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (ServerCall call : calls) {
        running.add(
            threads.submit(() -> {
              places.acquire();
              try {
                TraceScope.run(run.trace(), () -> one(call));
              } finally {
                places.release();
              }
              return null;
            }));
      }
      for (Future<?> one : running) {
        await(one);
      }
    } finally {
      stop(threads);
    }
  }

  private static void await(Future<?> one) throws InterruptedException {
    try {
      one.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case InterruptedException _ -> throw new InterruptedException("the response has ended");
        case RuntimeException known -> throw known;
        case Error known -> throw known;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /** Who has been interrupted must not leave before what it has begun. */
  private static void stop(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      if (!threads.awaitTermination(NOTICE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a tool did not stop within {} s", NOTICE_SECONDS);
      }
    } catch (InterruptedException _) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
