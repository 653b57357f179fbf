/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.facsim.app.scenario.ModelledTime.Work;
import org.junit.jupiter.api.Test;

class ModelledTimeTest {
  private static final long GIB = 1L << 30;

  @Test
  void aHostCopyTakesAsLongAsTheSlowerDirectionOfTheLink() {
    Work copy = new Work(0, 2048, GIB, GIB, 0);
    double wireRate = 1e9 / 8 * 1448 / 1538;
    assertThat(ModelledTime.GIGABIT.seconds(copy)).isCloseTo(GIB / wireRate, within(1e-6));
  }

  @Test
  void onAFastLinkTheArrayIsTheLimit() {
    Work copy = new Work(0, 2048, GIB, GIB, 0);
    assertThat(ModelledTime.TEN_GIGABIT.seconds(copy)).isCloseTo(2.0, within(1e-6));
  }

  @Test
  void metadataCallsComeOneAfterTheOther() {
    assertThat(ModelledTime.GIGABIT.seconds(new Work(1000, 0, 0, 0, 0)))
        .isCloseTo(0.5, within(1e-9));
    assertThat(ModelledTime.TEN_GIGABIT.seconds(new Work(1000, 0, 0, 0, 0)))
        .isCloseTo(0.4, within(1e-9));
  }

  @Test
  void smallDataCallsAreLimitedByWhatIsInFlight() {
    assertThat(ModelledTime.GIGABIT.seconds(new Work(0, 12_000, 512, 0, 0)))
        .isCloseTo(0.5, within(1e-9));
  }

  @Test
  void whatTheArrayCopiesInsideItselfCrossesNoNetwork() {
    Work inside = new Work(0, 0, 0, 0, 3 * GIB);
    assertThat(ModelledTime.GIGABIT.seconds(inside)).isEqualTo(3.0);
    assertThat(ModelledTime.TEN_GIGABIT.seconds(inside)).isEqualTo(3.0);
  }

  @Test
  void nothingTakesNoTimeAndWordsAreReadable() {
    assertThat(ModelledTime.GIGABIT.micros(Work.NONE)).isZero();
    assertThat(ModelledTime.GIGABIT.inWords(new Work(1, 0, 0, 0, 0))).isEqualTo("1 Gbit/s 0.5 ms");
    assertThat(ModelledTime.GIGABIT.inWords(new Work(0, 0, 0, 0, 2 * GIB)))
        .isEqualTo("1 Gbit/s 2.00 s");
  }
}
