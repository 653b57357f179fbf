/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.services.calls.Door;
import org.facsim.services.offload.OffloadError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which calls rules apply to, and how often. */
class FaultMatchingTest {
  private static final String SERVED = "served";
  private static final String STOPPED = "NO_ANSWER";

  private final FaultLab lab = new FaultLab();

  @AfterEach
  void close() {
    lab.close();
  }

  private FaultRuleBuilder stop() {
    return FaultRule.of(new FaultAction.NoAnswer());
  }

  private static FaultRuleBuilder status(String name) {
    return FaultRule.of(new FaultAction.Status(name));
  }

  @Test
  void aDoorAndAProcedure() {
    lab.rules().add(stop().door(Door.NFS).procedure("WRITE").rule());
    assertThat(lab.nfs("WRITE").run()).isEqualTo(STOPPED);
    assertThat(lab.nfs("READ").run()).isEqualTo(SERVED);
    assertThat(lab.call(Door.MOUNT, "MNT").run()).isEqualTo(SERVED);
  }

  @Test
  void withoutADoorAllButHttp() {
    lab.rules().add(stop().rule());
    assertThat(lab.call(Door.PORTMAP, "GETPORT").run()).isEqualTo(STOPPED);
    assertThat(lab.call(Door.UNKNOWN, "4").run()).isEqualTo(STOPPED);
    assertThat(lab.call(Door.HTTP, "GET /api/v1/volumes/ds").run()).isEqualTo(SERVED);
  }

  @Test
  void requestsOverHttpByMethodAndPathButNeverThoseThatManageRules() {
    lab.rules().add(stop().door(Door.HTTP).procedure("GET /api/v1/volumes/*").rule());
    lab.rules().add(stop().door(Door.HTTP).procedure("* /api/v1/*").rule());
    assertThat(lab.call(Door.HTTP, "GET /api/v1/volumes/ds").run()).isEqualTo(STOPPED);
    assertThat(lab.call(Door.HTTP, "POST /api/v1/faults").run()).isEqualTo(SERVED);
    assertThat(lab.call(Door.HTTP, "DELETE /api/v1/faults/1").run()).isEqualTo(SERVED);
  }

  @Test
  void clientsByAddressRangePortUserAndHost() {
    lab.rules().add(stop().client("10.0.0.0/31").procedure("GETATTR").rule());
    assertThat(lab.nfs("GETATTR").run()).isEqualTo(STOPPED);
    assertThat(lab.nfs("GETATTR").from(FaultLab.ESX2).run()).isEqualTo(SERVED);
    lab.rules().clear();
    lab.rules().add(stop().client("*:800").rule());
    assertThat(lab.nfs("GETATTR").run()).isEqualTo(SERVED);
    assertThat(lab.nfs("GETATTR").from(FaultLab.ESX2).run()).isEqualTo(STOPPED);
    lab.rules().clear();
    lab.rules().add(stop().uid(500).rule());
    lab.rules().add(stop().host("ESX9").rule());
    assertThat(lab.nfs("GETATTR").by(0, "esx1").run()).isEqualTo(SERVED);
    assertThat(lab.nfs("GETATTR").by(500, "esx1").run()).isEqualTo(STOPPED);
    assertThat(lab.nfs("GETATTR").by(0, "esx9").run()).isEqualTo(STOPPED);
  }

  @Test
  void filesByVolumePathAndHandle() {
    Inode disk = lab.file("ds", "vm", "vm-flat.vmdk");
    Inode descriptor = lab.file("ds", "vm", "vm.vmdk");
    Inode elsewhere = lab.file("other", "vm-flat.vmdk");
    lab.rules().add(status("JUKEBOX").path("/ds/**/*-flat.vmdk").rule());
    assertThat(lab.nfs("WRITE").on(disk).run()).isEqualTo("JUKEBOX");
    assertThat(lab.nfs("WRITE").on(descriptor).run()).isEqualTo(SERVED);
    assertThat(lab.nfs("WRITE").on(elsewhere).run()).isEqualTo(SERVED);
    assertThat(lab.nfs("CREATE").on(lab.file("ds", "vm"), "new-flat.vmdk").run())
        .isEqualTo("JUKEBOX");
    assertThat(lab.nfs("NULL").run()).isEqualTo(SERVED);
    lab.rules().clear();
    lab.rules().add(status("STALE").volume("other").rule());
    assertThat(lab.nfs("READ").on(elsewhere).run()).isEqualTo("STALE");
    assertThat(lab.nfs("READ").on(disk).run()).isEqualTo(SERVED);
    lab.rules().clear();
    lab.rules().add(status("STALE").handle(Handles.toHex(disk.handle())).rule());
    assertThat(lab.nfs("READ").on(disk).run()).isEqualTo("STALE");
    assertThat(lab.nfs("READ").on(descriptor).run()).isEqualTo(SERVED);
  }

  @Test
  void bothNamesOfARename() {
    Inode root = lab.volume("ds").root();
    lab.rules().add(status("ACCES").path("/ds/b").rule());
    assertThat(lab.nfs("RENAME").on(root, "a").to(root, "b").run()).isEqualTo("ACCES");
    assertThat(lab.nfs("RENAME").on(root, "b").to(root, "c").run()).isEqualTo("ACCES");
    assertThat(lab.nfs("RENAME").on(root, "a").to(root, "c").run()).isEqualTo(SERVED);
  }

  /** What was found out for a file does not outlive its name, or that of a directory above it. */
  @Test
  void aRenameIsSeenByTheNextCall() {
    Inode vm = lab.file("ds", "lab", "vm", "disk");
    Inode lab1 = lab.file("ds", "lab");
    Inode root = lab.volume("ds").root();
    lab.rules().add(status("STALE").path("/ds/lab/**").rule());
    assertThat(lab.nfs("READ").on(vm).run()).isEqualTo("STALE");
    lab.volume("ds").names().rename(Caller.ROOT, root, Name.of("lab"), root, Name.of("moved"));
    assertThat(lab.nfs("READ").on(vm).run()).isEqualTo(SERVED);
    lab.volume("ds").names().rename(Caller.ROOT, root, Name.of("moved"), root, Name.of("lab"));
    assertThat(lab.nfs("READ").on(vm).run()).isEqualTo("STALE");
    assertThat(lab.nfs("READ").on(lab1).run()).isEqualTo("STALE");
  }

  @Test
  void nthEveryAndCount() {
    lab.rules().add(stop().procedure("GETATTR").nth(3).rule());
    assertThat(lab.getattrs(5)).containsExactly(SERVED, SERVED, STOPPED, SERVED, SERVED);
    lab.rules().clear();
    lab.rules().add(stop().every(2).rule());
    assertThat(lab.getattrs(5)).containsExactly(SERVED, STOPPED, SERVED, STOPPED, SERVED);
    lab.rules().clear();
    lab.rules().add(stop().count(2).rule());
    assertThat(lab.getattrs(4)).containsExactly(STOPPED, STOPPED, SERVED, SERVED);
    RuleStatus status = lab.rules().list().get(0);
    assertThat(status.matched()).isEqualTo(4);
    assertThat(status.hits()).isEqualTo(2);
  }

  @Test
  void probabilityIsDecidedByTheSeed() {
    List<String> first = withProbability(7);
    assertThat(Collections.frequency(first, STOPPED)).isBetween(200, 400);
    assertThat(withProbability(7)).isEqualTo(first);
    assertThat(withProbability(8)).isNotEqualTo(first);
  }

  private List<String> withProbability(long seed) {
    lab.rules().clear();
    lab.rules().add(stop().probability(0.3).seed(seed).rule());
    return lab.getattrs(1000);
  }

  @Test
  void aTimeWindowRelativeToTheAddingOrAbsolute() {
    Duration second = Duration.ofSeconds(1);
    lab.rules()
        .add(stop().from(new FaultLimits.From.Added(second)).lasting(Duration.ofSeconds(2)).rule());
    assertThat(lab.getattrs(1)).containsExactly(SERVED);
    lab.pass(second);
    assertThat(lab.getattrs(1)).containsExactly(STOPPED);
    lab.pass(second.multipliedBy(2));
    assertThat(lab.getattrs(1)).containsExactly(SERVED);
    lab.rules().clear();
    Instant later = lab.clock().instant().plusSeconds(5);
    lab.rules().add(stop().from(new FaultLimits.From.At(later)).rule());
    assertThat(lab.getattrs(1)).containsExactly(SERVED);
    lab.pass(Duration.ofSeconds(5));
    assertThat(lab.getattrs(1)).containsExactly(STOPPED);
    assertThat(lab.rules().list().get(0).matched()).as("outside is not counted").isEqualTo(1);
  }

  @Test
  void afterAnotherCall() {
    FaultMatch lock = stop().door(Door.NLM).procedure("LOCK").match();
    lab.rules().add(stop().procedure("WRITE").after(lock, FaultMatch.Same.CLIENT).rule());
    assertThat(lab.nfs("WRITE").run()).isEqualTo(SERVED);
    lab.call(Door.NLM, "LOCK").from(FaultLab.ESX2).run();
    assertThat(lab.nfs("WRITE").run()).isEqualTo(SERVED);
    assertThat(lab.nfs("WRITE").from(FaultLab.ESX2).run()).isEqualTo(STOPPED);
    lab.call(Door.NLM, "LOCK").run();
    assertThat(lab.nfs("WRITE").run()).isEqualTo(STOPPED);
  }

  @Test
  void afterAnotherCallOnTheSameFileOrConnection() {
    Inode one = lab.file("ds", "one");
    Inode two = lab.file("ds", "two");
    FaultMatch read = stop().procedure("READ").match();
    lab.rules().add(status("STALE").procedure("WRITE").after(read, FaultMatch.Same.FILE).rule());
    lab.nfs("READ").on(one).run();
    assertThat(lab.nfs("WRITE").on(two).run()).isEqualTo(SERVED);
    assertThat(lab.nfs("WRITE").on(one).run()).isEqualTo("STALE");
    lab.rules().forgetFiles();
    assertThat(lab.nfs("WRITE").on(one).run()).as("files are others now").isEqualTo(SERVED);
    lab.rules().clear();
    lab.rules().add(stop().procedure("WRITE").after(read, FaultMatch.Same.CONNECTION).rule());
    lab.nfs("READ").on(one).run();
    assertThat(lab.nfs("WRITE").from(FaultLab.address("10.0.0.1", 701)).run()).isEqualTo(SERVED);
    assertThat(lab.nfs("WRITE").run()).isEqualTo(STOPPED);
  }

  /** A call has not come before itself. */
  @Test
  void afterTheFirstOfItsKind() {
    FaultMatch any = stop().procedure("GETATTR").match();
    lab.rules().add(stop().procedure("GETATTR").after(any, FaultMatch.Same.NOTHING).rule());
    assertThat(lab.getattrs(3)).containsExactly(SERVED, STOPPED, STOPPED);
  }

  @Test
  void everyRuleCountsAndTheFirstDecides() {
    lab.rules().add(List.of(stop().procedure("GETATTR").nth(2).rule(), stop().every(2).rule()));
    lab.rules().add(FaultRule.of(new FaultAction.LoseReply()).name("last").rule());
    assertThat(lab.getattrs(3)).containsExactly("reply NO_ANSWER", STOPPED, "reply NO_ANSWER");
    assertThat(lab.rules().list()).extracting(RuleStatus::matched).containsExactly(3L, 3L, 3L);
  }

  @Test
  void theLastHitIsToldWithItsPath() {
    Inode disk = lab.file("ds", "vm", "disk");
    lab.rules().add(status("STALE").path("/ds/**").rule());
    lab.pass(Duration.ofSeconds(3));
    lab.nfs("READ").on(disk).run();
    RuleStatus.Hit hit = lab.rules().list().get(0).lastHit().orElseThrow();
    assertThat(hit)
        .isEqualTo(
            new RuleStatus.Hit(
                lab.clock().instant(),
                "10.0.0.1:700",
                Door.NFS,
                "READ",
                Optional.of("/ds/vm/disk")));
  }

  @Test
  void theLinkIsThereWhileThereAreRulesForCalls() {
    assertThat(lab.calls().isWatched()).isFalse();
    long id = lab.rules().add(stop().rule()).id();
    assertThat(lab.calls().isWatched()).isTrue();
    assertThat(lab.rules().remove(id)).isTrue();
    assertThat(lab.rules().remove(id)).isFalse();
    assertThat(lab.calls().isWatched()).isFalse();
    lab.rules().add(FaultRule.of(new FaultAction.CloneJob(1, 1, -1, -1, OffloadError.IO)).rule());
    assertThat(lab.calls().isWatched()).as("rules for clone jobs").isFalse();
    lab.rules().add(stop().rule());
    assertThat(lab.rules().clear()).isEqualTo(2);
    assertThat(lab.calls().isWatched()).isFalse();
    assertThat(lab.getattrs(1)).containsExactly(SERVED);
  }

  /** A procedure that no rule can match costs nothing, and counts nothing. */
  @Test
  void callsOfOtherProceduresAreNotWatched() {
    RuleStatus added =
        lab.rules()
            .add(FaultRule.of(new FaultAction.NoAnswer()).door(Door.NFS).procedure("WRITE").rule());
    assertThat(lab.calls().links().of(Door.NFS, 3, 1, "GETATTR").isNobody()).isTrue();
    assertThat(lab.calls().links().of(Door.NFS, 3, 7, "WRITE").isNobody()).isFalse();
    assertThat(lab.nfs("WRITE").run()).isEqualTo("NO_ANSWER");
    lab.rules().add(FaultRule.of(new FaultAction.NoAnswer()).procedure("GETATTR").rule());
    assertThat(lab.calls().links().of(Door.NFS, 3, 1, "GETATTR").isNobody()).isFalse();
    lab.rules().remove(added.id());
    assertThat(lab.calls().links().of(Door.NFS, 3, 7, "WRITE").isNobody()).isTrue();
    assertThat(lab.nfs("WRITE").run()).isEqualTo("served");
  }
}
