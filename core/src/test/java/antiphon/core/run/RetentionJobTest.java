package antiphon.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much is removed at a time follows from how long it takes. */
class RetentionJobTest {

  @Test
  void aFastDatabaseRemovesMoreAtATimeAndASlowOneLess() {
    assertThat(RetentionJob.next(200, 2)).isEqualTo(400);
    assertThat(RetentionJob.next(10_000, 1)).isEqualTo(10_000);
    assertThat(RetentionJob.next(1600, 15)).isEqualTo(1600);
    assertThat(RetentionJob.next(1600, 80)).isEqualTo(800);
    assertThat(RetentionJob.next(200, 500)).isEqualTo(200);
  }
}
