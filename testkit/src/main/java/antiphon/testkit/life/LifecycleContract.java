package antiphon.testkit.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import antiphon.core.life.Lifecycle;
import antiphon.testkit.store.Await;
import org.junit.jupiter.api.Test;

/** The contract of {@link Lifecycle}. */
public abstract class LifecycleContract {

  /** One that has not been started, and that works at once when it is. */
  protected abstract Lifecycle make();

  /** Whether the one that was made last has done anything yet. */
  protected abstract boolean hasWorked();

  @Test
  void worksFromItsStartToItsStop() {
    Lifecycle one = make();
    assertThat(hasWorked()).isFalse();
    assertThat(one.stopped()).isFalse();
    one.start();
    Await.until("it works", this::hasWorked);
    assertThat(one.stopped()).isFalse();
    one.close();
    Await.until("it has stopped", one::stopped);
    one.close();
    assertThat(one.stopped()).isTrue();
  }

  @Test
  void isStartedOnce() {
    Lifecycle one = make();
    one.start();
    assertThatThrownBy(one::start).isInstanceOf(IllegalStateException.class);
    one.close();
    Await.until("it has stopped", one::stopped);
    assertThatThrownBy(one::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void isStoppedWithoutAStart() {
    Lifecycle one = make();
    one.close();
    assertThat(one.stopped()).isTrue();
    assertThat(hasWorked()).isFalse();
    assertThatThrownBy(one::start).isInstanceOf(IllegalStateException.class);
    assertThat(hasWorked()).isFalse();
  }
}
