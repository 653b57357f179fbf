/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.FalseAttributes;
import org.facsim.services.offload.OffloadError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules that can do nothing are refused, with what would. */
class FaultRefusalsTest {
  private final FaultLab lab = new FaultLab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static FaultRuleBuilder stop() {
    return FaultRule.of(new FaultAction.NoAnswer());
  }

  private static FaultRuleBuilder status(String name) {
    return FaultRule.of(new FaultAction.Status(name));
  }

  private void assertRefused(FaultRuleBuilder rule, String... saying) {
    assertSays(() -> lab.rules().add(rule.rule()), saying);
    assertThat(lab.rules().list()).isEmpty();
    assertThat(lab.calls().isWatched()).isFalse();
  }

  private static void assertSays(ThrowingCallable asked, String... saying) {
    assertThatIllegalArgumentException()
        .isThrownBy(asked)
        .satisfies(refused -> assertThat(refused.getMessage()).contains(saying));
  }

  @Test
  void proceduresThatADoorDoesNotHave() {
    assertRefused(
        stop().door(Door.NFS).procedure("WRTE"),
        "procedure 'WRTE': door nfs has none",
        "did you mean 'WRITE'?",
        "allowed: CREATE, GETATTR,");
    assertRefused(stop().door(Door.NFS).procedure("MNT"), "door nfs", "allowed: ");
    assertRefused(stop().procedure("write"), "did you mean 'WRITE'?");
    assertRefused(
        stop().door(Door.NFS).door(Door.MOUNT).procedure("WRITE"), "door mount has none of");
    assertRefused(
        stop().door(Door.HTTP).procedure("GET /api/v1/volume/ds"),
        "door http",
        "did you mean 'GET /api/v1/volumes/*'?");
    assertRefused(stop().door(Door.UNKNOWN).procedure("WRITE"), "procedure 'WRITE'");
  }

  @Test
  void statusesThatAProcedureCannotAnswer() {
    assertRefused(
        status("JUKEBX").door(Door.NFS).procedure("READ"),
        "status 'JUKEBX': READ cannot answer it",
        "did you mean 'JUKEBOX'?",
        "allowed: ACCES, JUKEBOX, STALE");
    assertRefused(status("NOSPC").door(Door.NFS).procedure("READ"), "READ cannot answer it");
    assertRefused(
        status("NOSPC").door(Door.NFS).procedure("WRITE").procedure("READ"), "READ cannot");
    assertRefused(status("TOO_DEEP").door(Door.NFS), "the doors of the rule cannot answer it");
  }

  @Test
  void volumesPathsAndHandlesThatAreNotThere() {
    assertRefused(stop().volume("dss"), "volume 'dss' is not there", "did you mean 'ds'?", "other");
    assertRefused(stop().path("/dss/**"), "path '/dss/**' lies outside of every export", "'/ds'");
    assertRefused(stop().volume("ds").path("/other/x"), "outside of the rule's volume");
    assertRefused(stop().handle("abcd"), "handle 'abcd'", "64 hexadecimal digits");
    assertRefused(stop().handle("zz"), "handle 'zz'");
    String handle = Handles.toHex(lab.file("ds", "x").handle());
    String other = handle.substring(0, 62) + (handle.endsWith("00") ? "01" : "00");
    assertRefused(stop().handle(other), "names no file of this array");
    lab.withdraw("other");
    assertRefused(stop().volume("other"), "volume 'other' is not exported", "allowed: /ds");
    assertRefused(stop().path("/other/**"), "outside of every export");
  }

  @Test
  void filesOfCallsThatNameNone() {
    assertRefused(stop().door(Door.PORTMAP).volume("ds"), "PORTMAP GETPORT name no file");
    assertRefused(stop().door(Door.NFS).procedure("NULL").path("/ds/x"), "NFS NULL name no file");
    assertRefused(stop().door(Door.HTTP).uid(0), "calls over HTTP name none");
  }

  @Test
  void actionsThatACallCannotMeet() {
    assertRefused(
        FaultRule.of(new FaultAction.ShortTransfer(1)).procedure("GETATTR"),
        "a short read or write: not with GETATTR; allowed: nfs READ, nfs WRITE");
    assertRefused(
        FaultRule.of(new FaultAction.Corrupt(1, 1)).door(Door.VAAI),
        "a mistake in the data: not with the doors of the rule; allowed: nfs READ, nfs WRITE");
    FaultAction lie =
        new FaultAction.Lie(FalseAttributes.NONE.withFileId(FalseAttributes.Change.to(1)));
    assertRefused(FaultRule.of(lie).door(Door.MOUNT), "wrong attributes", "nfs GETATTR");
    assertRefused(
        FaultRule.of(new FaultAction.StopReading(Optional.empty())).volume("ds"),
        "volume, path, handle",
        "allowed: door, procedure, client");
    assertRefused(
        FaultRule.of(new FaultAction.Limit(2048, true)).path("/ds/**"), "volume, path, handle");
  }

  @Test
  void powerFailuresOfAnArrayInMemory() {
    lab.heard().setDurable(false);
    FaultAction failure = new FaultAction.LosePower(ArrayFaults.PowerFailure.now(Duration.ZERO));
    assertRefused(FaultRule.of(failure), "the array lives in memory", "allowed: ");
  }

  @Test
  void cloneJobsOfCallsThatStartNone() {
    FaultAction job = new FaultAction.CloneJob(1, 1, -1, -1, OffloadError.IO);
    assertRefused(FaultRule.of(job).door(Door.MOUNT), "door mount starts no clone jobs");
    assertRefused(FaultRule.of(job).procedure("WRITE"), "starts no clone job", "CLONE");
    assertRefused(FaultRule.of(job).host("esx1"), "handle, host, a port, after");
    assertRefused(FaultRule.of(job).volume("nope"), "volume 'nope' is not there");
  }

  @Test
  void timesThatAreOver() {
    Instant past = lab.clock().instant().minusSeconds(10);
    assertRefused(
        stop().from(new FaultLimits.From.At(past)).lasting(Duration.ofSeconds(5)),
        "the time window ended at");
  }

  @Test
  void earlierCallsThatCannotCome() {
    FaultMatch never = stop().door(Door.NFS).procedure("MNT").match();
    assertRefused(stop().after(never, FaultMatch.Same.CLIENT), "after: procedure 'MNT'");
    FaultMatch nested = stop().after(FaultMatch.ANY, FaultMatch.Same.CLIENT).match();
    assertSays(() -> new FaultMatch.After(nested, FaultMatch.Same.FILE), "'after' within 'after'");
  }

  @Test
  void valuesThatMeanNothing() {
    assertSays(() -> stop().nth(-1).rule(), "nth -1; allowed: 1 and greater");
    assertSays(() -> stop().every(0).rule(), "every 0");
    assertSays(() -> stop().nth(1).every(2).rule(), "nth and every");
    assertSays(() -> stop().nth(2).count(2).rule(), "nth and count");
    assertSays(() -> stop().probability(0).rule(), "probability 0");
    assertSays(() -> stop().probability(Double.NaN).rule(), "probability NaN");
    assertSays(() -> stop().lasting(Duration.ZERO).rule(), "for PT0S");
    assertSays(() -> stop().name("x".repeat(129)).rule(), "a name of 129 characters");
    assertSays(() -> stop().name("a\nb").rule(), "no control characters");
    assertSays(() -> stop().client("esx1"), "'esx1' is no client; allowed: an address");
    assertSays(() -> stop().client("10.0.0.1:99999"), "is no client");
    FaultAction.Delay delay = new FaultAction.Delay(Duration.ofSeconds(1), Duration.ZERO);
    assertSays(() -> stop().delay(delay).rule(), "a delay and NoAnswer");
    assertSays(
        () -> new FaultAction.Delay(Duration.ofSeconds(1), Duration.ofSeconds(2)), "a jitter");
    assertSays(() -> new FaultAction.Lie(FalseAttributes.NONE), "no wrong attribute");
    assertSays(
        () -> new FaultAction.CloneJob(0, 1, -1, -1, OffloadError.IO), "nothing happens to the");
    assertSays(() -> new ArrayFaults.PowerFailure(1, true, Duration.ZERO), "at least one of them");
    assertSays(() -> ArrayFaults.PowerFailure.now(Duration.ofHours(2)), "from 0 s to 1 h");
  }

  @Test
  void aListIsAddedWholeOrNotAtAll() {
    FaultRule good = stop().rule();
    assertSays(
        () -> lab.rules().add(List.of(good, stop().volume("nope").rule())),
        "rules[1]: volume 'nope'");
    assertThat(lab.rules().list()).isEmpty();
    assertThat(lab.rules().add(List.of(good, good)))
        .extracting(RuleStatus::id)
        .containsExactly(1L, 2L);
  }

  @Test
  void moreRulesThanThereMayBe() {
    lab.rules().add(Collections.nCopies(FaultRules.MAX_RULES, stop().rule()));
    assertSays(() -> lab.rules().add(stop().rule()), "allowed: at most 10000");
    assertThat(lab.rules().list()).hasSize(FaultRules.MAX_RULES);
  }

  @Test
  void presetsThatAreNotThere() {
    assertSays(() -> lab.rules().preset("takover", Map.of()), "did you mean 'takeover'?", "apd");
    assertSays(() -> lab.rules().preset("apd", Map.of("forr", "1s")), "has no 'forr'", "'for'?");
    assertSays(() -> lab.rules().preset("apd", Map.of("for", "1")), "for: '1' is not a time");
    assertSays(() -> lab.rules().preset("flaky-network", Map.of("loss", "x")), "loss: 'x'");
  }
}
