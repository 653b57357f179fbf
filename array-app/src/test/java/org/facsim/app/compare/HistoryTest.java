/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.facsim.services.access.NfsVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistoryTest {
  /** Every history begins alike. */
  private static final int BEGINNING = 12;

  private static final int RUN = 6;

  @ParameterizedTest
  @EnumSource
  void aSeedMakesTheSameHistoryAndAnotherSeedAnother(NfsVersion version) {
    List<Step> history = History.of(version, 5, 300);

    assertThat(history).hasSize(300).isEqualTo(History.of(version, 5, 300));
    assertThat(history).isNotEqualTo(History.of(version, 6, 300));
    assertThat(History.of(version, 5, 400)).startsWith(history.toArray(Step[]::new));
  }

  @ParameterizedTest
  @EnumSource
  void everyCallOfAVersionIsPlayedByBothClientsAndNoOther(NfsVersion version) {
    List<Step> history = History.of(version, 1, 5000);

    Set<Act> expected =
        Arrays.stream(Act.values()).filter(each -> each.isIn(version)).collect(Collectors.toSet());
    for (int client = 0; client < Address.CLIENTS; client++) {
      int who = client;
      assertThat(history)
          .filteredOn(step -> step.client() == who)
          .extracting(Step::act)
          .containsAll(expected)
          .allMatch(expected::contains);
    }
  }

  /** Not the calls of the one before, a few places later. */
  @ParameterizedTest
  @EnumSource
  void theHistoriesOfOneRunHaveNoCallsInCommon(NfsVersion version) {
    Map<String, Integer> seen = new HashMap<>();
    long[] seeds = Compare.seeds(31).limit(8).toArray();
    for (int history = 0; history < seeds.length; history++) {
      List<String> calls =
          History.of(version, seeds[history], 300).stream()
              .map(step -> step.toString().replaceAll("#\\d+", "#"))
              .toList();
      for (int i = BEGINNING; i + RUN <= calls.size(); i++) {
        String run = String.join("\n", calls.subList(i, i + RUN));
        assertThat(seen.putIfAbsent(run, history)).as(run).isIn(null, history);
      }
    }
    assertThat(History.of(version, seeds[0], 9)).isEqualTo(History.of(version, 31, 9));
  }

  /** Or a shortened history would mean something else. */
  @ParameterizedTest
  @EnumSource
  void aStepRefersToEarlierStepsOnly(NfsVersion version) {
    assertThat(History.of(version, 2, 2000))
        .allMatch(step -> step.object() < step.number() && step.toObject() < step.number());
  }

  /** Or it would leave something in the export that nobody removes. */
  @ParameterizedTest
  @EnumSource
  void noStepUsesWhatLiesAboveItsFolder(NfsVersion version) {
    List<Step> history = History.of(version, 4, 20_000);
    Set<Integer> above =
        history.stream()
            .filter(step -> step.act() == Act.LOOKUP && step.name().equals(".."))
            .map(Step::number)
            .collect(Collectors.toSet());
    assertThat(above).isNotEmpty();
    assertThat(history)
        .noneMatch(step -> above.contains(step.object()) || above.contains(step.toObject()));
  }

  @ParameterizedTest
  @EnumSource
  void stepsAreWrittenInOneLineEach(NfsVersion version) {
    assertThat(History.of(version, 3, 2000))
        .allMatch(step -> step.toString().startsWith("#" + step.number() + " "))
        .noneMatch(step -> step.toString().contains("\n") || step.toString().length() > 150);
  }
}
