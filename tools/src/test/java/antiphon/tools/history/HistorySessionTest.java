package antiphon.tools.history;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.engine.Embedder;
import antiphon.core.memory.Exchange;
import antiphon.core.memory.Memory;
import antiphon.core.memory.MemoryKeeper;
import antiphon.core.memory.MemoryStore;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.tool.ToolCall;
import antiphon.core.tool.ToolContext;
import antiphon.core.tool.ToolOutcome;
import antiphon.core.tool.ToolOutputSink;
import antiphon.core.tool.ToolSession;
import antiphon.core.vector.ChunkIndex;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.Embedders;
import antiphon.core.vector.IndexWork;
import antiphon.core.vector.Searching;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.item.McpCall;
import antiphon.protocol.json.Json;
import antiphon.protocol.request.CreateResponse;
import antiphon.protocol.tool.HistoryTool;
import antiphon.protocol.vector.FileCounts;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Searches in a memory whose embedding model does not answer. */
class HistorySessionTest {

  private static final ResponseId ID = new ResponseId(Owner.account("acme"), "resp_1");

  private final CountDownLatch asked = new CountDownLatch(1);
  private final Notes notes = new Notes();
  private final Embedders embedders =
      new Embedders(List.of(new Embedders.Served(new Silent(asked), new Chunking(true, 200, 0))));
  private final MemoryKeeper keeper = new MemoryKeeper(notes, embedders, new NoWork());
  private final Memory memory =
      new Memory(
          notes,
          new Searching(none(VectorCatalog.class), none(ChunkIndex.class), embedders),
          embedders,
          keeper);

  @AfterEach
  void close() {
    keeper.close();
  }

  private static <T> T none(Class<T> port) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, _) -> {
              throw new AssertionError(method.getName() + " is not to be called");
            }));
  }

  private ToolSession session(String more) {
    String json = "{\"model\":\"m\",\"input\":\"x\"" + more + "}";
    CreateResponse request = Json.read(json.getBytes(StandardCharsets.UTF_8), CreateResponse.class);
    return new HistoryRunner(memory)
        .open(new ToolContext(ID, request, false), List.of(new HistoryTool(Map.of())));
  }

  private static ToolCall call(String arguments) {
    return new ToolCall("mcp_1", 0, "call_1", "history", arguments, 1, null);
  }

  @Test
  void anInterruptStopsASearchAtOnce() throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread run =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = session("").run(call("{\"query\":\"tea\"}"), _ -> {});
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    asked.await();
    run.interrupt();
    run.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aResponseIsNotedOnceBeforeItsModelBeginsIfItIsKept() throws Exception {
    try (ToolSession kept = session("");
        ToolSession unkept = session(",\"store\":false")) {
      kept.prepare(List.of(), none(ToolOutputSink.class));
      kept.prepare(List.of(), none(ToolOutputSink.class));
      unkept.prepare(List.of(), none(ToolOutputSink.class));
    }
    assertThat(notes.noted).containsExactly(ID);
  }

  @Test
  void argumentsThatDoNotFitComeBackWithTheSchema() throws Exception {
    for (String wrong : List.of("", "[]", "{}", "{\"query\":1}", "{\"query\":\"x\",\"more\":1}")) {
      ToolOutcome outcome = session("").run(call(wrong), _ -> {});
      assertThat(outcome).isInstanceOf(ToolOutcome.Done.class);
      McpCall item = (McpCall) ((ToolOutcome.Done) outcome).item();
      assertThat(Json.text(item)).contains("do not fit", "\\\"required\\\":[\\\"query\\\"]");
    }
  }

  /** A memory that has something in it, and keeps what is noted. */
  private static final class Notes implements MemoryStore {
    private final List<ResponseId> noted = new ArrayList<>();

    @Override
    public void note(ResponseId id) {
      noted.add(id);
    }

    @Override
    public boolean waiting() {
      return false;
    }

    @Override
    public int settle(Space space, int batch) {
      return 0;
    }

    @Override
    public Optional<VectorStore> find(Owner owner) {
      return Optional.of(
          new VectorStore(
              VectorStoreId.memory(owner),
              1,
              null,
              null,
              Map.of(),
              null,
              "silent",
              2,
              0,
              0,
              0,
              new FileCounts(0, 0, 0, 0, 0),
              1,
              0));
    }

    @Override
    public int remodel(Owner owner, Space space) {
      return 0;
    }

    @Override
    public Optional<Exchange> exchange(ResponseId id) {
      return Optional.empty();
    }

    @Override
    public Set<String> living(Owner owner, Collection<String> ids) {
      return Set.of();
    }

    @Override
    public int forget(Owner owner) {
      return 0;
    }
  }

  /** Never answers. */
  private record Silent(CountDownLatch asked) implements Embedder {
    @Override
    public String model() {
      return "silent";
    }

    @Override
    public int dimensions() {
      return 2;
    }

    @Override
    public List<float[]> embed(List<String> texts) throws InterruptedException {
      asked.countDown();
      new CountDownLatch(1).await();
      return List.of();
    }

    @Override
    public void close() {}
  }

  private static final class NoWork implements IndexWork {
    @Override
    public void wake() {}

    @Override
    public void recheck() {}
  }
}
