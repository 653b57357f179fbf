/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.management.LabView.Check;
import org.facsim.management.LabView.Part;
import org.junit.jupiter.api.Test;

/** A score follows from the evidence, and not from the end state alone. */
class ScoringTest {
  private static final Duration PAR = Duration.ofMinutes(10);

  private final LabFile.Incident incident =
      new LabFile.Incident(
          Cause.VSS_SIBLINGS,
          "sql01",
          PAR,
          Duration.ZERO,
          16 << 20,
          List.of(new LabFile.Hint(5, "look"), new LabFile.Hint(10, "there")),
          List.of(
              new Wanted("seen.vm.sql01.offloaded", Wanted.Kind.AT_LEAST, "1", "it is offloaded"),
              new Wanted("vm.*.power", Wanted.Kind.IS, "on", "all are on")),
          List.of("vm.sql01.guest.*"),
          List.of(),
          Map.of());

  private final Facts start = new Facts();
  private final Facts now = new Facts();
  private List<Evidence.Answer> answers = List.of();
  private List<Integer> hints = List.of();
  private Map<String, Duration> downtime = Map.of();
  private Map<String, Long> bytes = Map.of();
  private int peeks;

  ScoringTest() {
    for (Facts facts : List.of(start, now)) {
      facts.put("vm.sql01.power", "on");
      facts.put("vm.web01.power", "on");
      facts.put("vm.sql01.guest.vss-enabled", true);
    }
  }

  private Check check() {
    return Scoring.judge(
        incident,
        new Evidence(Duration.ofHours(1), answers, hints, downtime, bytes, 0, peeks, start, now));
  }

  private static int points(Check check, String part) {
    return check.parts().stream()
        .filter(each -> each.what().equals(part))
        .mapToInt(Part::points)
        .sum();
  }

  private static Evidence.Answer right(Duration after) {
    return new Evidence.Answer(Cause.VSS_SIBLINGS, "sql01", after);
  }

  private void mend() {
    now.put("vm.sql01.guest.vss-enabled", false);
    now.put("seen.vm.sql01.offloaded", 1);
  }

  @Test
  void nothingDoneGivesNothing() {
    assertThat(check().score()).isZero();
    assertThat(check().verdict()).isEqualTo("open");
  }

  @Test
  void foundInTimeAndMendedWithCareGivesAll() {
    answers = List.of(right(PAR));
    mend();
    assertThat(check().verdict()).isEqualTo("solved");
    assertThat(check().score()).isEqualTo(100);
  }

  @Test
  void whatMustHoldIsNotToldBeforeTheRightAnswer() {
    mend();
    answers = List.of(new Evidence.Answer(Cause.VSS_SIBLINGS, "web01", Duration.ZERO));
    assertThat(check().text())
        .noneMatch(line -> line.contains("sql01"))
        .anyMatch(line -> line.contains("2 of 2 conditions hold"))
        .anyMatch(line -> line.contains("1 wrong answer, 10 points less"));
    answers = List.of(right(Duration.ZERO));
    assertThat(check().text()).anyMatch(line -> line.contains("yes: it is offloaded"));
  }

  @Test
  void mendedWithoutTheCauseIsOpen() {
    mend();
    assertThat(check().verdict()).isEqualTo("open");
    assertThat(check().score()).isEqualTo(30);
  }

  @Test
  void theRightCauseAboutTheWrongThingIsNotRight() {
    answers = List.of(new Evidence.Answer(Cause.VSS_SIBLINGS, "web01", Duration.ZERO));
    mend();
    assertThat(check().verdict()).isEqualTo("open");
    assertThat(points(check(), "cause")).isZero();
  }

  @Test
  void lateAnswersGiveLessButNotBelowHalf() {
    answers = List.of(right(PAR.multipliedBy(5).dividedBy(2)));
    assertThat(points(check(), "cause")).isEqualTo(30);
    answers = List.of(right(Duration.ofDays(1)));
    assertThat(points(check(), "cause")).isEqualTo(20);
  }

  @Test
  void guessingCosts() {
    Evidence.Answer guess = new Evidence.Answer(Cause.PROFILE_OFF, "", Duration.ZERO);
    answers = List.of(guess, guess, right(Duration.ZERO));
    mend();
    assertThat(points(check(), "cause")).isEqualTo(20);
    assertThat(check().verdict()).isEqualTo("solved");
    answers = List.of(guess, guess, guess, guess, guess, right(Duration.ZERO));
    assertThat(points(check(), "cause")).isZero();
  }

  @Test
  void aChangeThatTheSolutionDoesNotNeedMakesTheFixWrong() {
    answers = List.of(right(Duration.ZERO));
    mend();
    now.put("volume.ds.export", "*(rw)");
    Check check = check();
    assertThat(check.verdict()).isEqualTo("wrong");
    assertThat(points(check, "mended")).isZero();
    assertThat(check.score()).isEqualTo(40);
    assertThat(check.text())
        .anyMatch(line -> line.contains("volume.ds.export: (nothing) -> *(rw)"));
  }

  @Test
  void downtimeBeyondTheToleranceMakesTheFixWrong() {
    answers = List.of(right(Duration.ZERO));
    mend();
    downtime = Map.of("sql01", Scoring.TOLERANCE);
    assertThat(check().verdict()).isEqualTo("solved");
    assertThat(points(check(), "downtime")).isEqualTo(9);
    downtime = Map.of("sql01", Scoring.TOLERANCE.plusMillis(1));
    assertThat(check().verdict()).isEqualTo("wrong");
  }

  @Test
  void needlessBytesCostPointsAndNeededOnesDoNot() {
    answers = List.of(right(Duration.ZERO));
    mend();
    bytes = Map.of("/ds/clone", 16L << 20);
    assertThat(points(check(), "bytes")).isEqualTo(10);
    bytes = Map.of("/ds/clone", 16L << 20, "/ds/clone2", 32L << 20);
    assertThat(points(check(), "bytes")).isEqualTo(5);
    bytes = Map.of("/ds/clone", 1L << 30);
    assertThat(points(check(), "bytes")).isZero();
    assertThat(check().verdict()).isEqualTo("solved");
  }

  @Test
  void hintsAndPeekingCost() {
    answers = List.of(right(Duration.ZERO));
    mend();
    hints = List.of(5, 10);
    assertThat(check().score()).isEqualTo(85);
    peeks = 1;
    assertThat(check().score()).isEqualTo(65);
  }

  @Test
  void whatHeldAtTheStartGivesNothingAndTakesAllIfItIsBroken() {
    answers = List.of(right(Duration.ZERO));
    mend();
    now.put("vm.web01.power", "off");
    assertThat(points(check(), "mended")).isZero();
    assertThat(check().verdict()).isEqualTo("wrong");
  }

  @Test
  void globsMatchAnyText() {
    assertThat(Facts.matches("vm.*.power", "vm.a.b.power")).isTrue();
    assertThat(Facts.matches("vm.*", "vm.")).isTrue();
    assertThat(Facts.matches("vm.*.power", "vm.a.powers")).isFalse();
    assertThat(Facts.matches("*a*b", "xxaab")).isTrue();
    assertThat(Facts.matches("a", "ab")).isFalse();
  }

  @Test
  void downtimeIsCountedForVmsThatRanAtTheStart() {
    Downtime counted = new Downtime();
    Instant noon = Instant.parse("2026-11-30T12:00:00Z");
    counted.restart(Set.of("a", "b"));
    counted.note(Set.of("b", "new"), noon);
    counted.note(Set.of("b"), noon.plusSeconds(1));
    counted.note(Set.of("a", "b"), noon.plusSeconds(3));
    counted.note(Set.of("a"), noon.plusSeconds(4));
    assertThat(counted.byVm(noon.plusSeconds(10)))
        .isEqualTo(Map.of("a", Duration.ofSeconds(3), "b", Duration.ofSeconds(6)));
    counted.restart(Set.of("a"));
    assertThat(counted.byVm(noon.plusSeconds(20))).isEmpty();
  }
}
