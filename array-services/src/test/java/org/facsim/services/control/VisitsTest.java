/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class VisitsTest {
  private final Visits visits = new Visits();

  @Test
  void aVisitThatIsEndedTwiceEndsNoOther() {
    Visits.Visit first = visits.enter();
    Visits.Visit second = visits.enter();
    first.close();
    first.close();
    assertThat(visits.awaitLeft(Duration.ofMillis(50))).as("the second is inside").isFalse();
    second.close();
    second.close();
    assertThat(visits.awaitLeft(Duration.ofSeconds(10))).isTrue();
  }
}
