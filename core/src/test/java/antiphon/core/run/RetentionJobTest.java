package antiphon.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much is removed at a time follows from how long it takes. */
class RetentionJobTest {

  @Test
  void aFastDatabaseRemovesMoreAtATimeAndASlowOneLess() {
    assertThat(RetentionJob.next(200, 2, 10)).isEqualTo(400);
    assertThat(RetentionJob.next(20_000, 1, 10)).isEqualTo(20_000);
    assertThat(RetentionJob.next(1600, 15, 10)).isEqualTo(1600);
    assertThat(RetentionJob.next(1600, 80, 10)).isEqualTo(800);
    assertThat(RetentionJob.next(200, 500, 10)).isEqualTo(200);
    assertThat(RetentionJob.next(1600, 80, 100)).isEqualTo(3200);
    assertThat(RetentionJob.next(1600, 250, 100)).isEqualTo(800);
  }
}
