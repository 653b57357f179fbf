/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Inode;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.FalseAttributes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What rules decide about calls; the doors' own tests show what then happens on the wire. */
class FaultEffectTest {
  private final FaultLab lab = new FaultLab();

  @AfterEach
  void close() {
    lab.close();
  }

  private String fateOf(FaultAction action) {
    lab.rules().clear();
    lab.rules().add(FaultRule.of(action).door(Door.NFS).procedure("READ").rule());
    return lab.nfs("READ").on(lab.file("ds", "disk")).run();
  }

  private String fateOnFile(FaultAction action) {
    lab.rules().clear();
    Inode disk = lab.file("ds", "disk");
    lab.rules().add(FaultRule.of(action).path("/ds/disk").rule());
    return lab.nfs("READ").on(disk).run();
  }

  @Test
  void whatConnectionsMeet() {
    assertThat(fateOf(new FaultAction.NoAnswer())).isEqualTo("NO_ANSWER");
    assertThat(fateOf(new FaultAction.Close(false))).isEqualTo("CLOSE");
    assertThat(fateOf(new FaultAction.Reset(false))).isEqualTo("RESET");
    assertThat(fateOf(new FaultAction.Limit(2048, true))).isEqualTo("LIMIT");
    assertThat(fateOf(new FaultAction.Limit(2048, false))).isEqualTo("LIMIT");
    assertThat(fateOf(new FaultAction.StopReading(Optional.empty()))).isEqualTo("STOP_READING");
    assertThat(fateOf(new FaultAction.Pause(Optional.empty()))).isEqualTo("HOLD");
    assertThat(fateOf(new FaultAction.Pause(Optional.of(Duration.ofSeconds(1)))))
        .isEqualTo("DELAY");
  }

  @Test
  void aRuleThatKnowsTheFileDecidesLater() {
    assertThat(fateOnFile(new FaultAction.NoAnswer())).isEqualTo("operation NO_ANSWER");
    assertThat(fateOnFile(new FaultAction.Close(false))).isEqualTo("operation CLOSE");
    assertThat(fateOnFile(new FaultAction.Reset(false))).isEqualTo("operation RESET");
    assertThat(fateOnFile(new FaultAction.Limit(1024, false))).startsWith("reply DELAY ");
  }

  @Test
  void whatRepliesMeet() {
    assertThat(fateOf(new FaultAction.LoseReply())).isEqualTo("reply NO_ANSWER");
    assertThat(fateOf(new FaultAction.Close(true))).isEqualTo("reply CLOSE");
    assertThat(fateOf(new FaultAction.Reset(true))).isEqualTo("reply RESET");
    assertThat(fateOf(new FaultAction.Twice())).isEqualTo("reply TWICE");
    assertThat(fateOf(new FaultAction.Behind(2, Duration.ofSeconds(1))))
        .isEqualTo("reply BEHIND 1000000000");
    assertThat(fateOnFile(new FaultAction.LoseReply())).isEqualTo("reply NO_ANSWER");
  }

  @Test
  void howCallsArePerformed() {
    assertThat(fateOf(new FaultAction.Status("NFS3ERR_JUKEBOX"))).isEqualTo("JUKEBOX");
    assertThat(fateOf(new FaultAction.ShortTransfer(10))).contains("maxBytes=10");
    assertThat(
            fateOf(
                new FaultAction.Lie(
                    FalseAttributes.NONE.withSizeBytes(FalseAttributes.Change.by(5)))))
        .contains("amount=5");
    assertThat(fateOf(new FaultAction.Corrupt(2, 16))).contains("count=2, lengthBytes=16");
  }

  /** A status that only some procedures can answer applies to those. */
  @Test
  void aStatusAppliesWhereItCanBeAnswered() {
    lab.rules().add(FaultRule.of(new FaultAction.Status("NOSPC")).rule());
    assertThat(lab.nfs("WRITE").run()).isEqualTo("NOSPC");
    assertThat(lab.nfs("READ").run()).isEqualTo("served");
    assertThat(lab.call(Door.VAAI, "CLONE").run()).isEqualTo("NOSPC");
    assertThat(lab.call(Door.PORTMAP, "GETPORT").run()).isEqualTo("served");
    assertThat(lab.rules().list().get(0).matched()).isEqualTo(2);
  }

  @Test
  void aDelayJoinsAStatusAndJitterIsDecidedByTheSeed() {
    FaultAction.Delay delay = new FaultAction.Delay(Duration.ofMillis(100), Duration.ofMillis(100));
    List<String> first = delayed(delay, 3);
    assertThat(first).allMatch(fate -> fate.startsWith("STALE reply DELAY "));
    assertThat(first.stream().distinct()).hasSizeGreaterThan(90);
    for (String fate : first) {
      assertThat(Long.parseLong(fate.substring(fate.lastIndexOf(' ') + 1)))
          .isBetween(1L, Duration.ofMillis(200).toNanos());
    }
    assertThat(delayed(delay, 3)).isEqualTo(first);
    assertThat(delayed(delay, 4)).isNotEqualTo(first);
  }

  private List<String> delayed(FaultAction.Delay delay, long seed) {
    lab.rules().clear();
    lab.rules().add(FaultRule.of(new FaultAction.Status("STALE")).delay(delay).seed(seed).rule());
    return lab.getattrs(100);
  }

  /** Without a seed of its own, a rule has one of the array's seed and its id. */
  @Test
  void sameSeedSameCallsSameFaults() {
    List<String> first;
    List<String> second;
    List<String> different;
    try (FaultLab one = new FaultLab(1)) {
      first = everything(one);
    }
    try (FaultLab same = new FaultLab(1)) {
      second = everything(same);
      same.rules().clear();
      assertThat(everything(same)).as("after clear, on the same array").isEqualTo(first);
    }
    try (FaultLab other = new FaultLab(2)) {
      different = everything(other);
    }
    assertThat(second).isEqualTo(first);
    assertThat(different).isNotEqualTo(first);
  }

  private static List<String> everything(FaultLab lab) {
    FaultAction.Delay delay = new FaultAction.Delay(Duration.ofMillis(9), Duration.ofMillis(9));
    lab.rules()
        .add(
            List.of(
                FaultRule.of(new FaultAction.NoAnswer()).probability(0.1).rule(),
                FaultRule.of(new FaultAction.Corrupt(3, 9)).procedure("READ").every(3).rule(),
                FaultRule.delayed(delay).probability(0.5).rule(),
                FaultRule.of(new FaultAction.LoseReply()).probability(0.1).rule()));
    List<String> fates = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      fates.add(lab.nfs(i % 2 == 0 ? "READ" : "GETATTR").run());
    }
    return fates;
  }

  @Test
  void whatWaitsForTheRuleGoesOnWhenItIsRemoved() {
    long id = lab.rules().add(FaultRule.of(new FaultAction.Pause(Optional.empty())).rule()).id();
    FaultLab.Call call = lab.nfs("READ");
    call.run();
    ArrivalVerdict verdict = call.record().arrivalVerdict();
    assertThat(verdict.gate().isOpen()).isFalse();
    lab.rules().remove(id);
    assertThat(verdict.gate().isOpen()).isTrue();
  }

  /** Nothing opens a gate at the end of a time window, so the verdict has the time that is left. */
  @Test
  void aPauseEndsWithItsTimeWindow() {
    lab.rules()
        .add(
            FaultRule.of(new FaultAction.StopReading(Optional.empty()))
                .lasting(Duration.ofSeconds(10))
                .rule());
    lab.pass(Duration.ofSeconds(4));
    FaultLab.Call call = lab.nfs("READ");
    call.run();
    assertThat(call.record().arrivalVerdict().nanos()).isEqualTo(6_000_000_000L);
  }

  @Test
  void theLabelNamesTheRule() {
    lab.rules().add(FaultRule.of(new FaultAction.NoAnswer()).name("lost").rule());
    FaultLab.Call call = lab.nfs("READ");
    call.run();
    assertThat(call.record().faults()).containsExactly("rule 1 (lost)");
  }

  @Test
  void whatHappensToTheArrayHappensOnceUnlessTheRuleSaysHowOften() {
    Duration away = Duration.ofSeconds(3);
    lab.rules().add(FaultRule.of(new FaultAction.Takeover(away)).procedure("WRITE").rule());
    lab.rules()
        .add(
            FaultRule.of(new FaultAction.LosePower(ArrayFaults.PowerFailure.atGroup(2, away)))
                .procedure("CREATE")
                .count(2)
                .rule());
    for (int i = 0; i < 3; i++) {
      assertThat(lab.nfs("WRITE").run()).isEqualTo("served");
      assertThat(lab.nfs("CREATE").run()).isEqualTo("served");
    }
    assertThat(lab.heard().asked())
        .containsExactlyInAnyOrder(
            "takeover PT3S", "power failure at 2 PT3S", "power failure at 2 PT3S");
    lab.rules().clear();
    assertThat(lab.heard().asked()).endsWith("cancel");
  }
}
