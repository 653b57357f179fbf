/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;
import static org.facsim.hypervisor.guest.GuestConfiguration.standard;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.facsim.hypervisor.clone.CloneSituation.Operation;
import org.facsim.hypervisor.clone.RuleFinding.Judgement;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiescePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule, where it holds and turned around. */
class CloneRuleTest {
  private static QuiescePlan plan(GuestSpec guest) {
    return QuiescePolicy.observed().plan(guest, standard(), 1, EsxiVersion.V5_5);
  }

  /** A hot clone across two datastores of an able array, of a guest that leaves one redo log. */
  private static final CloneSituation GOOD =
      new CloneSituation(
          Operation.CLONE,
          true,
          plan(WINDOWS_7),
          List.of(0),
          Placement.OTHER_DATASTORE,
          HardwareAcceleration.complete(),
          false);

  private static CloneSituation placed(Placement placement) {
    return new CloneSituation(
        GOOD.operation(),
        true,
        GOOD.quiescing(),
        List.of(0),
        placement,
        GOOD.acceleration(),
        false);
  }

  private static CloneSituation able(HardwareAcceleration acceleration) {
    return new CloneSituation(
        GOOD.operation(),
        true,
        GOOD.quiescing(),
        List.of(0),
        Placement.OTHER_DATASTORE,
        acceleration,
        false);
  }

  private static CloneSituation broken(CloneRule rule) {
    return switch (rule) {
      case ONE_ARRAY -> placed(Placement.OTHER_ARRAY);
      case SESSION -> able(HardwareAcceleration.unavailable("ACCESS: not admitted"));
      case FULL_FILE_CLONE -> able(new HardwareAcceleration(false, true, true, true, true, null));
      case ACROSS_VOLUMES -> able(new HardwareAcceleration(true, false, true, true, true, null));
      case NO_LIVE_MIGRATION ->
          new CloneSituation(
              Operation.MIGRATE,
              true,
              GOOD.quiescing(),
              List.of(0),
              GOOD.placement(),
              GOOD.acceleration(),
              false);
      case POWER_STATE ->
          new CloneSituation(
              Operation.CLONE,
              true,
              GOOD.quiescing(),
              List.of(0),
              GOOD.placement(),
              GOOD.acceleration(),
              true);
      case NO_SIBLING_REDO_LOGS ->
          new CloneSituation(
              Operation.CLONE,
              true,
              plan(WINDOWS_2008_R2),
              List.of(0),
              GOOD.placement(),
              GOOD.acceleration(),
              false);
      case NO_OLDER_SNAPSHOT ->
          new CloneSituation(
              Operation.CLONE,
              true,
              GOOD.quiescing(),
              List.of(0, 2),
              GOOD.placement(),
              GOOD.acceleration(),
              false);
    };
  }

  @Test
  void nothingFailsWhereAllIsWell() {
    CloneDecision decision = CloneOffloadPolicy.esxi().decide(GOOD);

    assertThat(decision.method()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(decision.findings())
        .extracting(RuleFinding::rule)
        .containsExactly(CloneRule.values());
    assertThat(decision.failed()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void ruleTurnedAroundFailsAloneAndDecides(CloneRule rule) {
    CloneDecision decision = CloneOffloadPolicy.esxi().decide(broken(rule));

    assertThat(decision.method()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(decision.failed()).extracting(RuleFinding::rule).containsExactly(rule);
    assertThat(decision.reason()).isEqualTo(decision.failed().get(0).evidence());
    assertThat(decision.findings()).hasSize(CloneRule.values().length);
  }

  /** Where a rule has a say at all it holds in a situation that differs in nothing else. */
  static Stream<CloneRule> rulesOfAHotClone() {
    return Arrays.stream(CloneRule.values()).filter(rule -> rule != CloneRule.NO_LIVE_MIGRATION);
  }

  @ParameterizedTest
  @MethodSource("rulesOfAHotClone")
  void ruleHoldsWhereAllIsWell(CloneRule rule) {
    assertThat(rule.judge(GOOD).judgement()).isEqualTo(Judgement.HOLDS);
  }

  @Test
  void migrationOfAVmThatIsPoweredOffHolds() {
    CloneSituation cold =
        new CloneSituation(
            Operation.MIGRATE,
            false,
            QuiescePlan.notNeeded(),
            List.of(0),
            Placement.OTHER_DATASTORE,
            HardwareAcceleration.complete(),
            true);

    assertThat(CloneRule.NO_LIVE_MIGRATION.judge(cold).judgement()).isEqualTo(Judgement.HOLDS);
    assertThat(CloneRule.POWER_STATE.judge(cold).judgement()).isEqualTo(Judgement.HOLDS);
    assertThat(CloneRule.NO_SIBLING_REDO_LOGS.judge(cold).judgement())
        .isEqualTo(Judgement.NOT_APPLICABLE);
  }

  @Test
  void allThatFailsIsToldAndTheFirstDecides() {
    CloneSituation bad =
        new CloneSituation(
            Operation.CLONE,
            true,
            plan(WINDOWS_2008_R2),
            List.of(1),
            Placement.SAME_DATASTORE,
            HardwareAcceleration.unavailable("no plugin"),
            true);
    CloneDecision decision = CloneOffloadPolicy.esxi().decide(bad);

    assertThat(decision.failed())
        .extracting(RuleFinding::rule)
        .containsExactly(
            CloneRule.SESSION,
            CloneRule.POWER_STATE,
            CloneRule.NO_SIBLING_REDO_LOGS,
            CloneRule.NO_OLDER_SNAPSHOT);
    assertThat(decision.reason()).isEqualTo("no hardware acceleration: no plugin");
  }
}
