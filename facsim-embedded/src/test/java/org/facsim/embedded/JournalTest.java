/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;
import static org.facsim.services.journal.CallCount.atLeast;
import static org.facsim.services.journal.CallCount.atMost;
import static org.facsim.services.journal.CallCount.exactly;
import static org.facsim.services.journal.CallFilter.calls;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.FollowedCalls;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalEntry.Outcome;
import org.facsim.services.journal.JournalPage;
import org.facsim.services.journal.Verification;
import org.facsim.services.journal.VerificationFailed;
import org.facsim.services.journal.VerificationResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the journal tells of calls at the real doors of a whole array. */
class JournalTest {
  private static final CallFilter WRITES = calls().procedure("WRITE");

  private FacsimArray array;
  private Journal journal;
  private RawCalls client;
  private Nfs3Handle root;
  private int xid = 1000;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder()
            .nfsPort(0)
            .portmapPort(0)
            .volume("ds", 1L << 30)
            .journal(1000)
            .start();
    journal = array.journal();
    client = RawCalls.tcp(array.nfsAddress());
    root = MixedRun.handleIn(client.exchange(xid++, MixedRun.mount("/ds")), 4);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    array.close();
  }

  private Nfs3Handle create(Nfs3Handle directory, String name) throws IOException {
    return MixedRun.handleIn(client.exchange(xid++, MixedRun.create(directory, name)), 8);
  }

  private void write(Nfs3Handle file, int bytes) throws IOException {
    client.exchange(xid++, MixedRun.write(file, bytes));
  }

  /** The only call that a filter finds, over as it is. */
  private JournalEntry only(CallFilter filter) throws InterruptedException {
    awaitEnded();
    JournalPage page = journal.after(filter, 0, 100);
    assertThat(page.entries()).as(filter.toString()).hasSize(1);
    assertThat(page.isComplete()).isTrue();
    return page.entries().get(0);
  }

  /** A call ends a moment after its answer is sent. */
  private void awaitEnded() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      if (journal.after(calls().outcome(Outcome.UNDER_WAY), 0, 1).entries().isEmpty()) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("calls are under way");
  }

  @Test
  void aCallIsToldWithEverythingThatIsKnownOfIt() throws Exception {
    Instant before = Instant.now();
    Nfs3Handle file = create(root, "a.vmdk");
    write(file, 5000);
    JournalEntry write = only(WRITES);
    assertThat(write.door()).isEqualTo(Door.NFS);
    assertThat(write.path()).isEqualTo("/ds/a.vmdk");
    assertThat(write.volume()).isEqualTo("ds");
    assertThat(write.arguments()).isEqualTo("offsetBytes=0, countBytes=5000, stable=FILE_SYNC");
    assertThat(write.xid()).isEqualTo(xid - 1);
    assertThat(write.uid()).isZero();
    assertThat(write.status()).isEqualTo("OK");
    assertThat(write.outcome()).isEqualTo(Outcome.ANSWERED);
    assertThat(write.requestBytes()).isGreaterThan(5000);
    assertThat(write.replyBytes()).isPositive();
    assertThat(write.duration()).isPositive();
    assertThat(write.time()).isBetween(before.minusMillis(100), Instant.now().plusMillis(100));
    assertThat(write.client().getAddress().isLoopbackAddress()).isTrue();
    assertThat(write.server()).isEqualTo(array.nfsAddress());
    assertThat(write.connection()).isPositive();
    assertThat(only(calls().procedure("mnt")).path()).isEqualTo("/ds");
    JournalEntry create = only(calls().procedure("CREATE"));
    assertThat(create.path()).isEqualTo("/ds/a.vmdk");
    assertThat(create.arguments())
        .as("only what the call sets")
        .startsWith("name=a.vmdk, how=")
        .doesNotContain("null", "DONT_CHANGE", ", ]", "[]]");
    assertThat(create.sequence()).isLessThan(write.sequence());
    assertThat(create.connection()).isEqualTo(write.connection());
  }

  /** Also when the file has another name by now, or none. */
  @Test
  void anEntryHasTheNameThatTheFileHadThen() throws Exception {
    Nfs3Handle file = create(root, "first");
    write(file, 1);
    client.exchange(xid++, MixedRun.rename(root, "first", root, "second"));
    write(file, 2);
    client.exchange(xid++, MixedRun.named(12, root, "second"));
    write(file, 3);
    awaitEnded();
    assertThat(journal.after(WRITES, 0, 9).entries())
        .extracting(JournalEntry::path, JournalEntry::status)
        .containsExactly(tuple("/ds/first", "OK"), tuple("/ds/second", "OK"), tuple("", "STALE"));
    JournalEntry rename = only(calls().procedure("RENAME").path("/ds/second"));
    assertThat(rename.path()).isEqualTo("/ds/first");
    assertThat(rename.otherPath()).isEqualTo("/ds/second");
    assertThat(only(calls().procedure("REMOVE")).path()).isEqualTo("/ds/second");
  }

  @Test
  void everyFieldCanBeAskedFor() throws Exception {
    Nfs3Handle file = create(root, "f");
    write(file, 10);
    client.exchange(77, MixedRun.named(MixedRun.LOOKUP, root, "nothing"));
    try (RawCalls udp = RawCalls.udp(array.portmapAddress().orElseThrow())) {
      udp.exchange(xid++, MixedRun.getPort());
    }
    awaitEnded();
    Instant now = journal.now();
    assertThat(only(calls().with("door", "portmap", now)).procedure()).isEqualTo("GETPORT");
    assertThat(only(calls().door(Door.PORTMAP)).transport()).isEqualTo(JournalEntry.Transport.UDP);
    assertThat(only(calls().with("status", "noent", now)).path()).isEqualTo("/ds/nothing");
    assertThat(only(calls().with("xid", "0x4d", now)).procedure()).isEqualTo("LOOKUP");
    assertThat(only(calls().path("/ds/*").procedure("WRITE").volume("ds").user(0)).status())
        .isEqualTo("OK");
    assertThat(journal.after(calls().user(7), 0, 9).entries()).isEmpty();
    assertThat(journal.after(calls().from("192.0.2.0/24"), 0, 9).entries()).isEmpty();
    assertThat(journal.after(calls().from("127.0.0.0/8"), 0, 9).entries()).hasSize(5);
    assertThat(journal.after(calls().with("since", "1h", now), 0, 9).entries()).hasSize(5);
    assertThat(journal.after(calls().with("until", "1h", now), 0, 9).entries()).isEmpty();
    assertThat(journal.after(calls().tookAtLeast(Duration.ofMinutes(5)), 0, 9).entries()).isEmpty();
    assertThat(journal.after(calls().fault("any"), 0, 9).entries()).isEmpty();
    JournalPage first = journal.after(calls(), 0, 2);
    JournalPage next = journal.after(calls(), first.nextAfter(), 100);
    assertThat(first.entries()).hasSize(2);
    assertThat(next.entries()).hasSize(3);
    assertThat(journal.latest(calls(), 3).entries()).isEqualTo(next.entries());
  }

  /** Whoever follows a rare call among many others must not keep a thread busy with that. */
  @Test
  void aLookOfAFollowerIsBoundedAndGoesOnWhereItEnded() throws Exception {
    Nfs3Handle file = create(root, "f");
    for (int i = 0; i < 10; i++) {
      write(file, 1);
    }
    awaitEnded();
    CallFilter created = calls().procedure("CREATE").path("/ds/f");
    FollowedCalls first = journal.follow(created, 1, 5, 4); // behind MNT
    assertThat(first.page().entries())
        .extracting(JournalEntry::procedure)
        .containsExactly("CREATE");
    assertThat(first.page().nextAfter()).isEqualTo(5);
    assertThat(first.hasMore()).as("six WRITEs are not looked at").isTrue();
    FollowedCalls second = journal.follow(created, 5, 5, 100);
    assertThat(second.page().entries()).isEmpty();
    assertThat(second.page().nextAfter()).isEqualTo(second.page().lastSequence());
    assertThat(second.hasMore()).isFalse();
    FollowedCalls full = journal.follow(WRITES, 2, 3, 100);
    assertThat(full.page().entries()).hasSize(3);
    assertThat(full.page().nextAfter()).isEqualTo(5);
    assertThat(full.hasMore()).isTrue();
  }

  @Test
  void theLatestCallsAreFoundFromTheEnd() throws Exception {
    Nfs3Handle file = create(root, "f");
    for (int i = 1; i <= 5; i++) {
      write(file, i);
    }
    awaitEnded();
    JournalPage latest = journal.latest(WRITES, 2);
    assertThat(latest.entries())
        .extracting(JournalEntry::arguments)
        .containsExactly(
            "offsetBytes=0, countBytes=4, stable=FILE_SYNC",
            "offsetBytes=0, countBytes=5, stable=FILE_SYNC");
    assertThat(latest.isComplete()).isTrue();
    assertThat(latest.nextAfter()).isEqualTo(latest.lastSequence());
    assertThat(journal.latest(WRITES, 9).entries()).hasSize(5);
  }

  @Test
  void whatNoCallCanMeetIsRefusedWithWhatIsAllowed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal.verify(calls().procedure("WRIET"), exactly(0)))
        .withMessageContaining("WRIET")
        .withMessageContaining("NFS: NULL, GETATTR")
        .withMessageContaining("VAAI: NULL, SESSION_START");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal.verify(WRITES.door(Door.MOUNT), exactly(0)))
        .withMessageContaining("allowed: MOUNT: NULL, MNT");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal.latest(calls().status("EVIL"), 1))
        .withMessageContaining("JUKEBOX");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> calls().with("dor", "NFS", Instant.EPOCH))
        .withMessageContaining("allowed: door, procedure");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> calls().with("door", "SMB", Instant.EPOCH))
        .withMessageContaining("NFS, MOUNT");
  }

  /** A misspelled volume would else prove that nobody wrote. */
  @Test
  void whatLiesOutsideOfEveryVolumeIsRefused() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal.verify(WRITES.path("/dz/a.vmdk"), exactly(0)))
        .withMessageContaining("/dz/a.vmdk")
        .withMessageContaining("allowed: /ds");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal.latest(calls().volume("dz"), 9))
        .withMessageContaining("allowed: ds");
    journal.verify(WRITES.path("/**/*-flat.vmdk"), exactly(0));
    journal.verify(WRITES.path("/d?/a"), exactly(0));
  }

  /** Rules are found by their ids and by their names. */
  @Test
  void aFaultIsFoundByEitherPartOfItsLabel() throws Exception {
    Nfs3Handle file = create(root, "f");
    array
        .faults()
        .add(
            FaultRule.of(new FaultAction.Status("JUKEBOX"))
                .door(Door.NFS)
                .procedure("WRITE")
                .name("slow disk")
                .rule());
    write(file, 1);
    awaitEnded();
    for (String label : List.of("rule 1", "slow disk", "rule 1 (slow disk)", "any")) {
      journal.verify(WRITES.fault(label), exactly(1));
    }
    journal.verify(WRITES.fault("rule"), exactly(0));
    journal.verify(WRITES.fault("disk"), exactly(0));
  }

  @Test
  void aVerificationHoldsOrNamesTheNearestCalls() throws Exception {
    Nfs3Handle file = create(root, "clone-flat.vmdk");
    journal.verify(WRITES.path("/ds/clone-flat.vmdk"), exactly(0));
    write(file, 10);
    awaitEnded();
    assertThatExceptionOfType(VerificationFailed.class)
        .isThrownBy(() -> journal.verify(WRITES.path("/ds/clone-flat.vmdk"), exactly(0)))
        .withMessageContaining("expected exactly 0 calls with procedure=WRITE")
        .withMessageContaining("found 1")
        .withMessageContaining("WRITE /ds/clone-flat.vmdk (offsetBytes=0, countBytes=10");
    VerificationResult failed =
        journal.check(Verification.of(WRITES.path("/ds/other").status("OK"), atLeast(1)));
    assertThat(failed.holds()).isFalse();
    VerificationResult.Near nearest = failed.nearest().get(0);
    assertThat(nearest.call().procedure()).isEqualTo("WRITE");
    assertThat(nearest.misses()).containsExactly("path is /ds/clone-flat.vmdk, not /ds/other");
    assertThat(failed.nearest().get(1).misses()).hasSize(2);
    journal.verify(WRITES, atMost(1));
    journal.verify(WRITES, atLeast(1));
  }

  @Test
  void aWindowIsWhatLiesBetweenTwoCalls() throws Exception {
    Nfs3Handle file = create(root, "f");
    write(file, 1);
    client.exchange(xid++, MixedRun.lock(file));
    client.exchange(xid++, MixedRun.getattr(file));
    write(file, 2);
    awaitEnded();
    CallFilter lock = calls().door(Door.NLM).procedure("LOCK");
    CallFilter look = calls().procedure("GETATTR");
    journal.between(lock, look).verify(WRITES, exactly(0));
    journal.after(lock).verify(WRITES, exactly(1));
    journal.before(lock).verify(WRITES, exactly(1));
    journal.verifyInOrder(lock, look);
    assertThatExceptionOfType(VerificationFailed.class)
        .isThrownBy(() -> journal.verifyInOrder(lock, WRITES))
        .withMessageContaining("is not after the first of");
    assertThatExceptionOfType(VerificationFailed.class)
        .isThrownBy(
            () -> journal.between(lock, calls().procedure("COMMIT")).verify(WRITES, exactly(0)))
        .withMessageContaining("no call is one of calls with procedure=COMMIT");
    journal.verify(calls().from("192.0.2.7"), exactly(0));
  }

  /** The fault decides before the journal looks, although the journal was there first. */
  @Test
  void aFaultIsTold() throws Exception {
    Nfs3Handle file = create(root, "f");
    array
        .calls()
        .install(
            new CallInterceptor() {
              @Override
              public ReplyVerdict answered(CallRecord call) {
                return call.procedureName().equals("REMOVE")
                    ? ReplyVerdict.noAnswer("rule-7")
                    : ReplyVerdict.SEND;
              }
            });
    client.send(500, MixedRun.named(12, root, "f"));
    client.exchange(xid++, MixedRun.getattr(file));
    JournalEntry lost = only(calls().fault("rule-7"));
    assertThat(lost.outcome()).isEqualTo(Outcome.REPLY_LOST);
    assertThat(lost.status()).isEqualTo("OK");
    assertThat(lost.faults()).isEqualTo(List.of("rule-7"));
    client.send(500, MixedRun.named(12, root, "f"));
    client.exchange(xid++, MixedRun.getattr(file));
    awaitEnded();
    assertThat(journal.after(calls().procedure("REMOVE"), 0, 9).entries()).hasSize(2);
  }

  @Test
  void whatFellOutIsNeverSaidToHold() throws Exception {
    journal.resize(Journal.MIN_ENTRIES);
    for (int i = 0; i < 2 * Journal.MIN_ENTRIES; i++) {
      client.exchange(xid++, MixedRun.getattr(root));
    }
    awaitEnded();
    assertThat(journal.status().overwritten()).isEqualTo(Journal.MIN_ENTRIES);
    assertThat(journal.latest(calls(), 1000).isComplete()).isFalse();
    assertThat(journal.latest(calls(), 1000).entries()).hasSize(Journal.MIN_ENTRIES);
    assertThatExceptionOfType(VerificationFailed.class)
        .isThrownBy(() -> journal.verify(WRITES, exactly(0)))
        .withMessageContaining("it cannot tell");
    journal.verify(calls().procedure("GETATTR"), atLeast(50));
    assertThatExceptionOfType(VerificationFailed.class)
        .isThrownBy(() -> journal.verify(calls().procedure("GETATTR"), atMost(50)))
        .withMessageContaining("found 100");
    journal.clear();
    journal.verify(WRITES, exactly(0));
    long last = journal.status().lastSequence();
    client.exchange(xid++, MixedRun.getattr(root));
    awaitEnded();
    assertThat(journal.latest(calls(), 1).entries().get(0).sequence()).isEqualTo(last + 1);
  }

  @Test
  void itIsOffUntilItIsTurnedOn() throws Exception {
    journal.resize(0);
    client.exchange(xid++, MixedRun.getattr(root));
    assertThat(array.calls().isWatched()).isFalse();
    assertThat(journal.latest(calls(), 9).entries()).isEmpty();
    assertThat(journal.latest(calls(), 9).isComplete()).isFalse();
    assertThatExceptionOfType(VerificationFailed.class)
        .isThrownBy(() -> journal.verify(WRITES, exactly(0)))
        .withMessageContaining("the journal is off");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> journal.resize(99))
        .withMessageContaining("100 to 2000000");
    journal.resize(100);
    client.exchange(xid++, MixedRun.getattr(root));
    awaitEnded();
    assertThat(journal.latest(calls(), 9).entries()).hasSize(1);
  }
}
