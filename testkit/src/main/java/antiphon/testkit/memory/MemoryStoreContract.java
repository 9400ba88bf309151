package antiphon.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.memory.MemoryStore;
import antiphon.core.memory.MemoryStore.Space;
import antiphon.core.response.Owner;
import antiphon.core.response.ResponseId;
import antiphon.core.store.PageRequest;
import antiphon.core.store.Retention;
import antiphon.core.store.RunKey;
import antiphon.core.vector.Chunk;
import antiphon.core.vector.Chunking;
import antiphon.core.vector.IndexJob;
import antiphon.core.vector.VectorCatalog;
import antiphon.core.vector.VectorStore;
import antiphon.core.vector.VectorStoreId;
import antiphon.protocol.response.ResponseStatus;
import antiphon.testkit.store.Await;
import antiphon.testkit.store.StoreFixture;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What must hold of memories in any store. */
public abstract class MemoryStoreContract extends StoreFixture {

  private static final Space SPACE = new Space("model-a", 2, new Chunking(true, 200, 0));

  /** Responses of a fixture have ended years ago. */
  private static final Retention LONG_TIME =
      new Retention(Duration.ofDays(36_500), Duration.ofDays(36_500));

  private static final int MANY = 100;

  /** The memories of the store under test. */
  protected abstract MemoryStore memory();

  /** The vector stores of the same database. */
  protected abstract VectorCatalog catalog();

  /** How many rows of this database's tables hold a text; of all columns of the named table. */
  protected abstract int rowsWith(String table, String text) throws Exception;

  private ResponseId noted(Owner owner, ResponseStatus status) {
    RunKey run = running(owner);
    memory().note(run.id());
    memory().note(run.id());
    assertThat(memory().settle(SPACE, MANY)).as("while it runs").isZero();
    end(run, 2, status);
    return run.id();
  }

  private ResponseId remembered(Owner owner, String text) {
    ResponseId id = noted(owner, ResponseStatus.COMPLETED);
    assertThat(memory().waiting()).isTrue();
    assertThat(memory().settle(SPACE, MANY)).isEqualTo(1);
    assertThat(memory().waiting()).isFalse();
    List<IndexJob> jobs = catalog().claim("n1", 9, LONG);
    assertThat(jobs).hasSize(1);
    IndexJob job = jobs.getFirst();
    assertThat(job.store()).isEqualTo(VectorStoreId.memory(owner));
    assertThat(job.file().value()).isEqualTo(id.value());
    assertThat(memory().exchange(id)).isPresent();
    assertThat(catalog().cut(job, 1, null)).isTrue();
    assertThat(catalog().add(job, List.of(new Chunk(0, text, "", null, new float[] {1, 0}))))
        .isTrue();
    assertThat(catalog().complete(job)).isTrue();
    return id;
  }

  private VectorStore of(Owner owner) {
    return memory().find(owner).orElseThrow();
  }

  private int size(Owner owner) {
    return memory().find(owner).map(found -> found.counts().total()).orElse(0);
  }

  @Test
  void whatHasCompletedIsIndexedAndOnlyThat() {
    ResponseId id = remembered(USER, "tea");
    assertThat(of(USER).embeddingModel()).isEqualTo("model-a");
    assertThat(catalog().changes(of(USER).row(), 0, 9).files())
        .extracting(file -> file.fileId())
        .containsExactly(id.value());
    for (ResponseStatus other :
        List.of(ResponseStatus.CANCELLED, ResponseStatus.FAILED, ResponseStatus.INCOMPLETE)) {
      var _ = noted(USER, other);
      assertThat(memory().settle(SPACE, MANY)).isEqualTo(1);
    }
    assertThat(size(USER)).isEqualTo(1);
    assertThat(memory().settle(SPACE, MANY)).isZero();
  }

  @Test
  void ownersHaveMemoriesOfTheirOwnThatAreNoVectorStores() {
    ResponseId id = remembered(USER, "tea");
    for (Owner other : List.of(ACCOUNT, OTHER, new Owner("other", "user-1"))) {
      assertThat(memory().find(other)).isEmpty();
      assertThat(memory().forget(other)).isZero();
      assertThat(memory().living(other, List.of(id.value()))).isEmpty();
    }
    PageRequest all = new PageRequest(9, true, null, null);
    assertThat(catalog().list(USER, all).orElseThrow().data()).isEmpty();
    assertThat(memory().living(USER, List.of(id.value(), "resp_x"))).isEqualTo(Set.of(id.value()));
    assertThat(size(USER)).isEqualTo(1);
  }

  @Test
  void aDeletedResponseLeavesNothing() throws Exception {
    ResponseId kept = remembered(USER, "coffee");
    ResponseId gone = remembered(USER, "the secret tea");
    RunKey waiting = running(USER);
    memory().note(waiting.id());
    end(waiting, 2, ResponseStatus.COMPLETED);
    for (ResponseId id : List.of(gone, waiting.id())) {
      assertThat(store().delete(id)).isTrue();
      assertThat(memory().exchange(id)).isEmpty();
    }
    assertThat(memory().living(USER, List.of(gone.value(), kept.value())))
        .containsExactly(kept.value());
    removeAll(LONG_TIME);
    assertThat(size(USER)).isEqualTo(1);
    assertThat(memory().settle(SPACE, MANY)).isZero();
    for (String table : List.of("responses", "memory_notes", "vector_files")) {
      assertThat(rowsWith(table, gone.value())).as(table).isZero();
      assertThat(rowsWith(table, waiting.id().value())).as(table).isZero();
    }
    assertThat(rowsWith("vector_chunks", "the secret tea")).isZero();
    assertThat(rowsWith("vector_chunks", "coffee")).isEqualTo(1);
    assertThat(catalog().forgetful(0)).extracting(VectorStore::row).containsExactly(of(USER).row());
    assertThat(catalog().forgetful(store().clock().millis() + LONG.toMillis())).isEmpty();
  }

  @Test
  void retentionTakesWhatIsRememberedToo() throws Exception {
    ResponseId id = remembered(ACCOUNT, "the secret tea");
    Await.until(
        "its time to come",
        () -> {
          removeAll(new Retention(Duration.ofMillis(1), Duration.ofMillis(1)));
          return size(ACCOUNT) == 0;
        });
    removeAll(LONG_TIME);
    assertThat(rowsWith("vector_chunks", "the secret tea")).isZero();
    assertThat(rowsWith("responses", id.value())).isZero();
  }

  private void removeAll(Retention retention) {
    while (store().purge(retention, MANY) > 0 || catalog().purge(MANY) > 0) {
      // A part at a time.
    }
  }

  @Test
  void everythingIsForgottenByRequest() throws Exception {
    var _ = remembered(USER, "the secret tea");
    var _ = remembered(USER, "the secret cake");
    var _ = remembered(OTHER, "coffee");
    RunKey running = running(USER);
    memory().note(running.id());
    long before = of(USER).version();
    assertThat(memory().forget(USER)).isEqualTo(2);
    assertThat(size(USER)).isZero();
    assertThat(of(USER).version()).isGreaterThan(before);
    end(running, 2, ResponseStatus.COMPLETED);
    assertThat(memory().settle(SPACE, MANY)).isZero();
    removeAll(LONG_TIME);
    assertThat(rowsWith("vector_chunks", "secret")).isZero();
    assertThat(size(OTHER)).isEqualTo(1);
    var _ = remembered(USER, "something new");
    assertThat(size(USER)).isEqualTo(1);
  }

  @Test
  void anotherModelIndexesItAnew() {
    var _ = remembered(USER, "tea");
    Space other = new Space("model-b", 3, new Chunking(true, 300, 0));
    long before = of(USER).version();
    assertThat(memory().remodel(USER, other)).isEqualTo(1);
    assertThat(memory().remodel(USER, other)).as("again").isEqualTo(1);
    assertThat(of(USER).embeddingModel()).isEqualTo("model-b");
    assertThat(of(USER).floor()).isEqualTo(before + 1);
    IndexJob job = catalog().claim("n1", 9, LONG).getFirst();
    assertThat(job.embeddingModel()).isEqualTo("model-b");
    assertThat(job.chunking().maxTokens()).isEqualTo(300);
    assertThat(catalog().chunks(job.row(), 0, 9)).isEmpty();
    assertThat(memory().remodel(OTHER, other)).isZero();
  }
}
