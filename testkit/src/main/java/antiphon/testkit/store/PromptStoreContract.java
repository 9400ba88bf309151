package antiphon.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import antiphon.core.prompt.PromptId;
import antiphon.core.prompt.PromptStore;
import antiphon.core.prompt.PromptStore.NewVersion;
import antiphon.core.prompt.StoredPrompt;
import antiphon.core.prompt.StoredPrompt.Details;
import antiphon.core.prompt.StoredVersion;
import antiphon.core.response.Owner;
import antiphon.core.store.Page;
import antiphon.core.store.PageRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Everything a store of prompts must do. */
public abstract class PromptStoreContract {

  private static final Owner ANN = new Owner("acme", "ann");
  private static final Owner BOB = new Owner("acme", "bob");

  /** The store under test, empty at the start of each test. */
  protected abstract PromptStore prompts();

  private static PromptId id(String value) {
    return new PromptId(ANN, value);
  }

  private static Details details(String name) {
    return new Details(name, "about " + name, "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
  }

  private StoredPrompt made(Owner owner, String id) {
    return prompts().create(new PromptId(owner, id), details("name of " + id), "one").orElseThrow();
  }

  private StoredPrompt found(String id) {
    return prompts().find(id(id)).orElseThrow();
  }

  @Test
  void aPromptIsFoundByItsOwnerAlone() {
    StoredPrompt made = made(ANN, "pmpt_1");
    assertThat(made.name()).isEqualTo("name of pmpt_1");
    assertThat(made.description()).isEqualTo("about name of pmpt_1");
    assertThat(made.metadata()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":1}");
    assertThat(made.activeVersion()).isEqualTo(1);
    assertThat(made.latestVersion()).isEqualTo(1);
    assertThat(prompts().version(id("pmpt_1"), 1).map(StoredVersion::template)).contains("one");
    assertThat(prompts().find(new PromptId(BOB, "pmpt_1"))).isEmpty();
    assertThat(prompts().find(new PromptId(Owner.account("acme"), "pmpt_1"))).isEmpty();
    assertThat(prompts().version(new PromptId(BOB, "pmpt_1"), 1)).isEmpty();
    assertThat(prompts().versions(new PromptId(BOB, "pmpt_1"), true, 10)).isEmpty();
    assertThat(prompts().delete(new PromptId(BOB, "pmpt_1"))).isFalse();
    assertThat(prompts().update(new PromptId(BOB, "pmpt_1"), before -> before)).isEmpty();
    assertThat(prompts().activate(new PromptId(BOB, "pmpt_1"), 1)).isEmpty();
    assertThat(prompts().add(new PromptId(BOB, "pmpt_1"), "x")).isEqualTo(new NewVersion.Gone());
    assertThat(found("pmpt_1").latestVersion()).isEqualTo(1);
  }

  @Test
  void aNewVersionIsTheActiveOneUntilAnotherIsMadeSo() {
    made(ANN, "pmpt_1");
    assertThat(prompts().add(id("pmpt_1"), "two"))
        .isInstanceOfSatisfying(
            NewVersion.Written.class,
            written -> assertThat(written.version().number()).isEqualTo(2));
    assertThat(found("pmpt_1").activeVersion()).isEqualTo(2);
    assertThat(prompts().activate(id("pmpt_1"), 1).orElseThrow().activeVersion()).isEqualTo(1);
    assertThat(found("pmpt_1").latestVersion()).isEqualTo(2);
    assertThat(prompts().activate(id("pmpt_1"), 3)).isEmpty();
    assertThat(prompts().activate(id("pmpt_1"), 0)).isEmpty();
    assertThat(prompts().activate(id("pmpt_1"), -1)).isEmpty();
    assertThat(prompts().add(id("pmpt_1"), "three")).isInstanceOf(NewVersion.Written.class);
    assertThat(prompts().versions(id("pmpt_1"), true, 2))
        .extracting(StoredVersion::template)
        .containsExactly("three", "two");
    assertThat(prompts().versions(id("pmpt_1"), false, 10))
        .extracting(StoredVersion::number)
        .containsExactly(1, 2, 3);
  }

  @Test
  void versionsMadeAtOnceGetNumbersOfTheirOwn() throws Exception {
    made(ANN, "pmpt_1");
    List<Future<NewVersion>> adding = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        adding.add(threads.submit(() -> prompts().add(id("pmpt_1"), "x")));
      }
    }
    List<Integer> numbers = new ArrayList<>();
    for (Future<NewVersion> added : adding) {
      numbers.add(((NewVersion.Written) added.get()).version().number());
    }
    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(2, 9).boxed().toList());
  }

  @Test
  void whatIsNotInItsVersionsCanBeChanged() {
    made(ANN, "pmpt_1");
    StoredPrompt changed =
        prompts()
            .update(id("pmpt_1"), before -> new Details("new", null, before.metadata()))
            .orElseThrow();
    assertThat(changed.name()).isEqualTo("new");
    assertThat(changed.description()).isNull();
    assertThat(changed.metadata()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":1}");
    assertThat(found("pmpt_1").name()).isEqualTo("new");
  }

  @Test
  void aDeletedOneIsGoneWithItsVersions() {
    made(ANN, "pmpt_1");
    assertThat(prompts().delete(id("pmpt_1"))).isTrue();
    assertThat(prompts().delete(id("pmpt_1"))).isFalse();
    assertThat(prompts().find(id("pmpt_1"))).isEmpty();
    assertThat(prompts().version(id("pmpt_1"), 1)).isEmpty();
    assertThat(prompts().add(id("pmpt_1"), "x")).isEqualTo(new NewVersion.Gone());
  }

  @Test
  void theyAreListedPageByPage() {
    for (int i = 0; i < 5; i++) {
      made(ANN, "pmpt_" + i);
    }
    made(BOB, "pmpt_b");
    Page<StoredPrompt> first =
        prompts().list(ANN, new PageRequest(3, true, null, null)).orElseThrow();
    assertThat(first.data()).hasSize(3);
    assertThat(first.hasMore()).isTrue();
    String last = first.data().getLast().id().value();
    Page<StoredPrompt> rest =
        prompts().list(ANN, new PageRequest(3, true, last, null)).orElseThrow();
    assertThat(rest.data()).hasSize(2);
    assertThat(rest.hasMore()).isFalse();
    assertThat(prompts().list(ANN, new PageRequest(3, true, "pmpt_b", null))).isEmpty();
  }
}
