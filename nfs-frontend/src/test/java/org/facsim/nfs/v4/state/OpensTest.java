/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OPEN, CLOSE, OPEN_DOWNGRADE, and the stateids of opens: RFC 8881 sections 8.2 and 18.16. */
class OpensTest {
  private static final int NO_DELEGATION = Ops.WANT_NONE;
  private final StateDoor door = new StateDoor();
  private Host anna;
  private Host bert;

  @BeforeEach
  void join() {
    anna = Host.ready(door, "anna");
    bert = Host.ready(door, "bert");
  }

  @AfterEach
  void close() {
    anna.close();
    bert.close();
    door.close();
  }

  private static Ops.OpenWish read(String name) {
    return Ops.wish(name).access(Ops.READ | NO_DELEGATION);
  }

  private static Ops.OpenWish both(String name) {
    return Ops.wish(name).access(Ops.BOTH | NO_DELEGATION);
  }

  private static Ops.OpenWish create(String name, int mode) {
    return both(name).create(mode);
  }

  // ---------------------------------------------------------------- creating

  @Test
  void aFileIsMadeAndTheDirectorysChangeIsTold() {
    long before = door.volume.root().attributes().changeCounter();
    Answer.Opened made = anna.open(create("f", OpenArgs.UNCHECKED));
    assertThat(made.stateid.seqid()).isEqualTo(1);
    assertThat(made.isAtomic).isTrue();
    assertThat(made.changeBefore).isEqualTo(before);
    assertThat(made.changeAfter).isEqualTo(door.volume.root().attributes().changeCounter());
    assertThat(made.attributes.has(33)).as("the mode was set").isTrue();
    assertThat(door.inode("f").attributes().mode()).isEqualTo(0644);

    Answer.Opened again = anna.open(create("f", OpenArgs.UNCHECKED).owner("other"));
    assertThat(again.changeBefore).isEqualTo(again.changeAfter);
    assertThat(again.attributes.isEmpty()).as("nothing was set on the one that was there").isTrue();
  }

  @Test
  void guardedAndExclusiveCreatesFindOut() {
    assertThat(anna.openStatus(create("f", OpenArgs.GUARDED))).isEqualTo(Nfs4Status.OK);
    assertThat(anna.openStatus(create("f", OpenArgs.GUARDED))).isEqualTo(Nfs4Status.EXIST);
    assertThat(anna.openStatus(create("f", OpenArgs.EXCLUSIVE))).isEqualTo(Nfs4Status.EXIST);
    assertThat(anna.openStatus(create("g", OpenArgs.EXCLUSIVE))).isEqualTo(Nfs4Status.OK);
    assertThat(anna.openStatus(create("g", OpenArgs.EXCLUSIVE)))
        .as("again")
        .isEqualTo(Nfs4Status.OK);
    Answer.Opened withMode = anna.open(create("h", OpenArgs.EXCLUSIVE_WITH_ATTRIBUTES));
    assertThat(withMode.attributes.has(33)).isTrue();
    assertThat(door.inode("h").attributes().mode()).isEqualTo(0644);
    assertThat(anna.openStatus(create("h", OpenArgs.EXCLUSIVE_WITH_ATTRIBUTES)))
        .isEqualTo(Nfs4Status.OK);
  }

  @Test
  void anUncheckedCreateOfSizeZeroTruncatesUnlessAnOpenDeniesWriting() {
    Answer.Opened made = anna.create("f");
    anna.call(Ops.at(made.handle).writeData(made.stateid, "data"));
    bert.open(read("f").deny(0));
    Answer.Opened truncated = anna.open(both("f").truncate());
    assertThat(truncated.attributes.has(4)).isTrue();
    assertThat(door.inode("f").attributes().sizeBytes()).isZero();
    anna.call(Ops.at(made.handle).writeData(truncated.stateid, "data"));
    anna.close(truncated);
    Answer.Opened denying = bert.open(read("f").owner("two").deny(Ops.WRITE));
    assertThat(anna.openStatus(both("f").truncate())).isEqualTo(Nfs4Status.SHARE_DENIED);
    assertThat(door.inode("f").attributes().sizeBytes()).isEqualTo(4);
    bert.close(denying);
  }

  @Test
  void whatIsNoFileIsNotOpened() {
    door.volume
        .names()
        .makeDirectory(
            Caller.ROOT, door.volume.root(), Name.of("d"), AttributeChanges.ofMode(0755));
    door.volume
        .names()
        .makeSymbolicLink(
            Caller.ROOT, door.volume.root(), Name.of("l"), new byte[] {'x'}, AttributeChanges.NONE);
    assertThat(anna.openStatus(read("d"))).isEqualTo(Nfs4Status.ISDIR);
    assertThat(anna.openStatus(create("d", OpenArgs.UNCHECKED))).isEqualTo(Nfs4Status.ISDIR);
    assertThat(anna.openStatus(create("d", OpenArgs.GUARDED))).isEqualTo(Nfs4Status.EXIST);
    assertThat(anna.openStatus(read("l"))).isEqualTo(Nfs4Status.SYMLINK);
    assertThat(anna.openStatus(read("none"))).isEqualTo(Nfs4Status.NOENT);
    assertThat(anna.openStatus(read("f").access(0))).isEqualTo(Nfs4Status.INVAL);
    assertThat(anna.openStatus(read("f").deny(4))).isEqualTo(Nfs4Status.INVAL);
    assertThat(anna.call(Ops.none().open(read("f"))).sequence().status)
        .isEqualTo(Nfs4Status.NOFILEHANDLE);
    Answer.Opened file = anna.create("f");
    anna.call(Ops.at(file.handle).open(read("g")))
        .sequence()
        .handle()
        .expect(Op4.OPEN, Nfs4Status.NOTDIR);
  }

  @Test
  void permissionIsAskedFor() {
    anna.close(anna.create("f"));
    door.volume
        .attributes()
        .setAttributes(Caller.ROOT, door.inode("f"), AttributeChanges.ofMode(0600), null);
    Credential user = new Credential.Sys(1, "tester", 77, 77, List.of());
    try (Host carl = new Host(door, "carl", user)) {
      carl.join();
      assertThat(carl.openStatus(read("f"))).isEqualTo(Nfs4Status.ACCESS);
      Answer.Opened own = carl.open(create("own", OpenArgs.UNCHECKED));
      door.volume
          .attributes()
          .setAttributes(Caller.ROOT, door.inode("own"), AttributeChanges.ofMode(0), null);
      assertThat(carl.call(Ops.at(own.handle).writeData(own.stateid, "x")).status)
          .as("what is open stays open")
          .isEqualTo(Nfs4Status.OK);
    }
  }

  @Test
  void whoMayNotOpenAFileIsToldSoEvenIfItIsDeniedToo() {
    Answer.Opened own = anna.open(create("f", OpenArgs.UNCHECKED).deny(Ops.BOTH));
    door.volume
        .attributes()
        .setAttributes(Caller.ROOT, door.inode("f"), AttributeChanges.ofMode(0700), null);
    Credential user = new Credential.Sys(1, "tester", 77, 77, List.of());
    try (Host carl = new Host(door, "carl", user)) {
      carl.join();
      assertThat(carl.openStatus(read("f").deny(Ops.WRITE))).isEqualTo(Nfs4Status.ACCESS);
    }
    anna.close(own);
  }

  // ---------------------------------------------------------------- shares

  @Test
  void aFileThatAHostHasForItselfStaysItsOwn() {
    Answer.Opened own = anna.open(create("f", OpenArgs.UNCHECKED).deny(Ops.BOTH));
    assertThat(bert.openStatus(read("f"))).isEqualTo(Nfs4Status.SHARE_DENIED);
    assertThat(anna.openStatus(read("f").owner("second"))).isEqualTo(Nfs4Status.SHARE_DENIED);
    // as ESXi makes a disk: the owner sets the size by its own stateid
    assertThat(anna.call(Ops.at(own.handle).setSize(own.stateid, 4096)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(own.handle).setSize(Stateid4.ANONYMOUS, 0)).status)
        .isEqualTo(Nfs4Status.LOCKED);
    assertThat(bert.call(Ops.at(own.handle).read(Stateid4.ANONYMOUS)).status)
        .isEqualTo(Nfs4Status.LOCKED);
    assertThat(bert.call(Ops.at(own.handle).read(Stateid4.READ_BYPASS)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(bert.call(Ops.at(own.handle).writeData(Stateid4.ANONYMOUS, "x")).status)
        .isEqualTo(Nfs4Status.LOCKED);
    anna.close(own);
    assertThat(bert.call(Ops.at(own.handle).writeData(Stateid4.ANONYMOUS, "x")).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(bert.openStatus(read("f"))).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void anOwnersOtherOpenIsNoException() {
    Answer.Opened own = anna.open(create("f", OpenArgs.UNCHECKED).deny(Ops.READ));
    assertThat(anna.openStatus(read("f"))).isEqualTo(Nfs4Status.SHARE_DENIED);
    assertThat(anna.openStatus(both("f").deny(Ops.READ)))
        .as("the same")
        .isEqualTo(Nfs4Status.SHARE_DENIED);
    assertThat(anna.openStatus(Ops.wish("f").access(Ops.WRITE | NO_DELEGATION)))
        .as("nobody denies writing")
        .isEqualTo(Nfs4Status.OK);
    anna.close(own.handle, own.stateid.withSeqid(0));
  }

  @Test
  void openingAgainAddsAndDowngradingTakesWhatWasAdded() {
    anna.close(anna.create("f"));
    Answer.Opened first = anna.open(read("f"));
    Answer.Opened second = anna.open(Ops.wish("f").access(Ops.WRITE | NO_DELEGATION));
    assertThat(second.stateid).isEqualTo(first.stateid.withSeqid(2));
    assertThat(anna.call(Ops.at(first.handle).writeData(second.stateid, "x")).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(first.handle).writeData(first.stateid, "x")).status)
        .isEqualTo(Nfs4Status.OLD_STATEID);
    assertThat(anna.call(Ops.at(first.handle).writeData(first.stateid.withSeqid(0), "x")).status)
        .as("zero means the current one")
        .isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(first.handle).writeData(first.stateid.withSeqid(3), "x")).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
    Answer answer = anna.call(Ops.at(first.handle).downgrade(0, second.stateid, Ops.READ, 0));
    Stateid4 less = answer.sequence().handle().ok(Op4.OPEN_DOWNGRADE).stateid();
    assertThat(less.seqid()).isEqualTo(3);
    assertThat(anna.call(Ops.at(first.handle).writeData(less, "x")).status)
        .isEqualTo(Nfs4Status.OPENMODE);
    assertThat(anna.call(Ops.at(first.handle).downgrade(0, less, Ops.BOTH, 0)).status)
        .isEqualTo(Nfs4Status.INVAL);
    assertThat(bert.openStatus(read("f").deny(Ops.WRITE))).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aDowngradeToAPartThatWasNeverOpenedIsRefused() {
    Answer.Opened both = anna.create("f");
    assertThat(anna.call(Ops.at(both.handle).downgrade(0, both.stateid, Ops.READ, 0)).status)
        .isEqualTo(Nfs4Status.INVAL);
  }

  // ---------------------------------------------------------------- claims, stateids

  @Test
  void aFileIsOpenedByItsHandle() {
    Answer.Opened made = anna.create("f");
    Answer answer =
        bert.call(Ops.at(made.handle).open(Ops.byHandle().access(Ops.BOTH | NO_DELEGATION)));
    Answer.Opened opened = answer.sequence().handle().opened();
    assertThat(opened.reason).as("not wanted").isZero();
    assertThat(bert.call(Ops.at(made.handle).writeData(opened.stateid, "x")).status)
        .isEqualTo(Nfs4Status.OK);
  }

  @Test
  void noClaimsButThoseOfThisServer() {
    Answer.Opened made = anna.create("f");
    assertThat(anna.call(Ops.at(made.handle).open(Ops.reclaim(0))).status)
        .isEqualTo(Nfs4Status.NO_GRACE);
    Ops.OpenWish previous =
        new Ops.OpenWish()
            .claim(
                out -> {
                  out.writeInt(OpenArgs.CLAIM_DELEGATE_PREV);
                  Xdr.writeString(out, "f");
                });
    assertThat(anna.openStatus(previous)).isEqualTo(Nfs4Status.NOTSUPP);
    Ops.OpenWish current =
        new Ops.OpenWish()
            .claim(
                out -> {
                  out.writeInt(OpenArgs.CLAIM_DELEGATE_CUR);
                  made.stateid.encode(out);
                  Xdr.writeString(out, "f");
                });
    assertThat(anna.openStatus(current)).isEqualTo(Nfs4Status.BAD_STATEID);
  }

  @Test
  void theCurrentStateidGoesWithTheCurrentFile() {
    Ops ops =
        Ops.volume()
            .open(create("f", OpenArgs.UNCHECKED))
            .writeData(Stateid4.CURRENT, "x")
            .close(0, Stateid4.CURRENT);
    assertThat(anna.call(ops).status).isEqualTo(Nfs4Status.OK);
    Ops lost =
        Ops.volume()
            .open(create("f", OpenArgs.UNCHECKED))
            .op(Op4.PUTROOTFH)
            .close(0, Stateid4.CURRENT);
    assertThat(anna.call(lost).status).isEqualTo(Nfs4Status.BAD_STATEID);
  }

  @Test
  void stateidsOfOthersAndOfOtherFilesAreBad() {
    Answer.Opened f = anna.create("f");
    Answer.Opened g = anna.create("g");
    assertThat(bert.call(Ops.at(f.handle).writeData(f.stateid, "x")).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
    assertThat(anna.call(Ops.at(f.handle).writeData(g.stateid, "x")).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
    assertThat(anna.call(Ops.at(f.handle).close(0, g.stateid)).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
    anna.close(f);
    assertThat(anna.call(Ops.at(f.handle).close(0, f.stateid)).status)
        .isEqualTo(Nfs4Status.BAD_STATEID);
    Stateid4 garbage = new Stateid4(1, 0x0123456789abcdefL, 77);
    assertThat(anna.call(Ops.at(g.handle).read(garbage)).status)
        .as("never STALE_STATEID with sessions")
        .isEqualTo(Nfs4Status.BAD_STATEID);
  }

  @Test
  void stateidsAreTestedAndFreed() {
    Answer.Opened f = anna.create("f");
    Answer answer =
        anna.call(
            Ops.none()
                .add(
                    Op4.TEST_STATEID,
                    out -> {
                      out.writeInt(3);
                      f.stateid.encode(out);
                      Stateid4.ANONYMOUS.encode(out);
                      f.stateid.withSeqid(9).encode(out);
                    }));
    answer.sequence().ok(Op4.TEST_STATEID);
    assertThat(answer.in.readInt()).isEqualTo(3);
    assertThat(answer.in.readInt()).isZero();
    assertThat(answer.in.readInt()).isEqualTo(Nfs4Status.BAD_STATEID.code());
    assertThat(answer.in.readInt()).isEqualTo(Nfs4Status.BAD_STATEID.code());
    assertThat(anna.call(Ops.none().stateid(Op4.FREE_STATEID, f.stateid)).status)
        .isEqualTo(Nfs4Status.LOCKS_HELD);
  }

  @Test
  void aRemovedFileWorksUntilItIsClosed() {
    Answer.Opened f = anna.create("f");
    assertThat(anna.call(Ops.volume().remove("f")).status).isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(f.handle).writeData(f.stateid, "x")).status)
        .isEqualTo(Nfs4Status.OK);
    anna.close(f);
    assertThat(anna.call(Ops.at(f.handle).getHandle()).status).isEqualTo(Nfs4Status.STALE);
  }

  // ---------------------------------------------------------------- leases, bounds

  @Test
  void aLapsedClientKeepsItsOpenUntilSomebodyElseWantsTheFile() {
    Answer.Opened own = anna.open(create("f", OpenArgs.UNCHECKED).deny(Ops.BOTH));
    door.time.pass(Duration.ofSeconds(200));
    assertThat(anna.call(Ops.at(own.handle).writeData(own.stateid, "x")).status)
        .isEqualTo(Nfs4Status.OK);
    Host carl = Host.ready(door, "carl");
    assertThat(carl.openStatus(read("f"))).isEqualTo(Nfs4Status.SHARE_DENIED);
    door.time.pass(Duration.ofSeconds(91));
    Host dora = Host.ready(door, "dora");
    assertThat(dora.openStatus(read("f"))).isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.none()).status).isEqualTo(Nfs4Status.BADSESSION);
    carl.close();
    dora.close();
  }

  @Test
  void aSilentClientThatHoldsNothingIsForgotten() {
    door.time.pass(Duration.ofSeconds(150));
    assertThat(door.state.clients().count()).isZero();
  }

  @Test
  void statesAndOwnersOfAClientAreBounded() {
    int states = StateDoor.LIMITS.statesPerClient();
    for (int i = 0; i < states; i++) {
      anna.create("f" + i);
    }
    assertThat(anna.openStatus(create("more", OpenArgs.UNCHECKED))).isEqualTo(Nfs4Status.DELAY);
    assertThat(anna.openStatus(read("more"))).as("nothing was made").isEqualTo(Nfs4Status.NOENT);
    for (int i = 0; i < StateDoor.LIMITS.ownersPerClient(); i++) {
      assertThat(bert.openStatus(read("f" + i).owner("o" + i))).isEqualTo(Nfs4Status.OK);
    }
    assertThat(bert.openStatus(read("f0").owner("one more"))).isEqualTo(Nfs4Status.DELAY);
    assertThat(bert.openStatus(read("f1").owner("o0"))).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void nothingStaysBehindWhenClientsGo() {
    Answer.Opened f = anna.create("f");
    anna.call(Ops.at(f.handle).lockNew(2, f.stateid, "l", 0, -1));
    bert.create("g");
    door.time.pass(Duration.ofSeconds(200));
    Host carl = Host.ready(door, "carl");
    assertThat(carl.openStatus(read("f").deny(Ops.BOTH))).isEqualTo(Nfs4Status.OK);
    assertThat(carl.openStatus(read("g").deny(Ops.BOTH))).isEqualTo(Nfs4Status.OK);
    assertThat(door.holdings.opens().openCount()).isEqualTo(2);
    assertThat(door.holdings.locks().held()).isEmpty();
    assertThat(door.state.states().count()).isEqualTo(2);
    carl.close();
  }
}
