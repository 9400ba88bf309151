package antiphon.engines.replica;

import antiphon.core.engine.Engine;
import antiphon.core.engine.EngineException;
import antiphon.core.engine.EngineModel;
import antiphon.core.engine.Listening;
import antiphon.core.engine.PieceSink;
import antiphon.core.engine.Turn;
import antiphon.core.engine.TurnResult;
import antiphon.engines.upstream.Probed;
import antiphon.protocol.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several servers with the same models as one engine. A turn goes to the one that has the beginning
 * of its conversation in its cache, unless that one is much busier than another, else to the least
 * busy; when it fails before it has said anything, to the next.
 */
public final class ReplicatedEngine implements Engine {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicatedEngine.class);

  /** How many more turns a replica may have under way before its cache is not worth the wait. */
  private static final int MUCH_BUSIER = 4;

  private static final Duration LEFT_OUT = Duration.ofSeconds(5);

  private final List<Replica> replicas = new ArrayList<>();
  private final Prefixes prefixes = new Prefixes();
  private final int concurrency;

  /**
   * @param engines at least one, all with the same name; closed with this one
   * @param concurrency how many turns at once, over all of them
   */
  public <E extends Engine & Probed> ReplicatedEngine(List<E> engines, int concurrency) {
    this(engines, concurrency, LEFT_OUT);
  }

  /**
   * @param leftOut how long one that fails is left alone until it is asked whether it is back
   */
  <E extends Engine & Probed> ReplicatedEngine(List<E> engines, int concurrency, Duration leftOut) {
    if (engines.isEmpty() || concurrency < 1) {
      throw new IllegalArgumentException("an engine needs a replica and a place");
    }
    for (E engine : engines) {
      replicas.add(new Replica(replicas.size(), engine, engine, leftOut));
    }
    this.concurrency = concurrency;
  }

  @Override
  public String name() {
    return first().name();
  }

  private Engine first() {
    return replicas.getFirst().engine();
  }

  /** A replica that can be asked. */
  private Engine anyWell() {
    return replicas.stream().filter(Replica::well).findFirst().map(Replica::engine).orElse(first());
  }

  @Override
  public List<EngineModel> models() {
    List<EngineModel> models = anyWell().models();
    // One that has just gone away is still taken for well: any list is better than none.
    return models.isEmpty()
        ? replicas.stream()
            .map(replica -> replica.engine().models())
            .filter(list -> !list.isEmpty())
            .findFirst()
            .orElse(List.of())
        : models;
  }

  @Override
  public boolean accepts(String model) {
    return first().accepts(model);
  }

  @Override
  public Optional<Refusal> refuses(Turn turn) {
    return first().refuses(turn);
  }

  @Override
  public boolean runs(Tool tool) {
    return first().runs(tool);
  }

  @Override
  public TurnResult generate(Turn turn, PieceSink sink)
      throws EngineException, InterruptedException {
    List<String> keys = Prefixes.keys(turn);
    List<Replica> left = new ArrayList<>(usable());
    while (true) {
      Replica replica = choose(left, keys);
      left.remove(replica);
      Listening listening = new Listening(sink);
      try (Replica.Work work = replica.begin()) {
        prefixes.remember(keys, replica.number());
        return run(replica, work, turn, listening);
      } catch (EngineException e) {
        if (listening.spoken() || left.isEmpty() || !Replica.sick(e.problem())) {
          throw e;
        }
        LOG.warn("replica {}: {}; trying the next", replica.number(), e.getMessage());
      }
    }
  }

  private static TurnResult run(Replica replica, Replica.Work work, Turn turn, PieceSink sink)
      throws EngineException, InterruptedException {
    try {
      TurnResult result = replica.engine().generate(turn, sink);
      work.succeeded();
      return result;
    } catch (EngineException e) {
      work.failed(e);
      throw e;
    }
  }

  /** Those that are well; all of them if none is, so that the client learns what is wrong. */
  private List<Replica> usable() {
    List<Replica> well = replicas.stream().filter(Replica::well).toList();
    return well.isEmpty() ? replicas : well;
  }

  /** Every bit of both counts: neighbouring numbers would keep their order otherwise. */
  private static int mixed(int key, int number) {
    int h = key + number * 0x9e3779b9;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }

  private Replica choose(List<Replica> among, List<String> keys) {
    int rotation = keys.getFirst().hashCode();
    Replica least =
        among.stream()
            .min(
                Comparator.comparingInt(Replica::outstanding)
                    // Equally busy: every node chooses the same one for the same conversation.
                    .thenComparingInt(r -> mixed(rotation, r.number())))
            .orElseThrow();
    return prefixes
        .find(keys)
        .flatMap(number -> among.stream().filter(r -> r.number() == number).findFirst())
        .filter(holder -> holder.outstanding() <= least.outstanding() + MUCH_BUSIER)
        .orElse(least);
  }

  @Override
  public Optional<Integer> countInputTokens(Turn turn)
      throws EngineException, InterruptedException {
    return anyWell().countInputTokens(turn);
  }

  @Override
  public boolean continuesMessages() {
    return first().continuesMessages();
  }

  @Override
  public int concurrency() {
    return concurrency;
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
  }
}
