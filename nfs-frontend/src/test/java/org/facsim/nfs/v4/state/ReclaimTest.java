/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.Credential;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart, and who may reclaim what it held: RFC 8881 sections 8.4.2 and 18.51. */
class ReclaimTest {
  @TempDir private Path directory;

  private static Host back(StateDoor door, String name) {
    return back(door, name, StateDoor.ROOT);
  }

  private static Host back(StateDoor door, String name, Credential as) {
    Host host = new Host(door, name, as);
    host.exchange(0x1111, 0).ok(Op4.EXCHANGE_ID);
    host.readExchange();
    host.createSession(Host.BACK_CHANNEL);
    return host;
  }

  private static Nfs4Status complete(Host host) {
    return host.call(Ops.none().add(Op4.RECLAIM_COMPLETE, out -> out.writeInt(0))).status;
  }

  private static Ops reclaim(Answer.Opened opened) {
    return Ops.at(opened.handle).open(Ops.reclaim(0));
  }

  @Test
  void aFreshArrayAndOneWhoseClientsHeldNothingHaveNoGracePeriod() {
    try (StateDoor door = new StateDoor()) {
      Host anna = Host.ready(door, "anna");
      anna.close(anna.create("f"));
      door.restart();
      assertThat(door.grace.isRunning()).isFalse();
      Host.ready(door, "bert").create("f");
    }
  }

  @Test
  void whoHeldSomethingReclaimsIt() {
    try (StateDoor door = new StateDoor()) {
      Host anna = Host.ready(door, "anna");
      Answer.Opened opened = anna.create("f");
      anna.call(Ops.at(opened.handle).lockNew(2, opened.stateid, "l", 0, 10));
      door.restart();
      assertThat(door.grace.isRunning()).isTrue();

      Host bert = back(door, "bert");
      assertThat(bert.openStatus(Ops.wish("f"))).isEqualTo(Nfs4Status.GRACE);
      assertThat(bert.call(reclaim(opened)).status).isEqualTo(Nfs4Status.RECLAIM_BAD);
      assertThat(complete(bert)).isEqualTo(Nfs4Status.OK);
      assertThat(bert.call(Ops.at(opened.handle).writeData(OldHost.none(), "x")).status)
          .isEqualTo(Nfs4Status.GRACE);

      Host again = back(door, "anna");
      Answer answer = again.call(reclaim(opened));
      Answer.Opened reclaimed = answer.sequence().handle().opened();
      Ops lock = Ops.at(opened.handle).lockNew(2, true, 0, reclaimed.stateid, 0, 0, "l", 0, 10);
      assertThat(again.call(lock).status).isEqualTo(Nfs4Status.OK);
      assertThat(complete(again)).isEqualTo(Nfs4Status.OK);
      assertThat(door.grace.isRunning()).as("everybody has reclaimed").isFalse();
      assertThat(again.call(reclaim(opened)).status).isEqualTo(Nfs4Status.NO_GRACE);
      Answer.Opened berts = bert.open(Ops.wish("f").access(Ops.BOTH | Ops.WANT_NONE));
      assertThat(bert.call(Ops.at(opened.handle).lockNew(2, berts.stateid, "l", 5, 1)).status)
          .isEqualTo(Nfs4Status.DENIED);
    }
  }

  @Test
  void whoDoesNotComeBackHoldsNobodyUpForLongerThanTheGracePeriod() {
    try (StateDoor door = new StateDoor()) {
      Answer.Opened opened = Host.ready(door, "anna").create("f");
      door.restart();
      Host bert = Host.ready(door, "bert");
      assertThat(bert.openStatus(Ops.wish("f"))).isEqualTo(Nfs4Status.GRACE);
      door.time.pass(Duration.ofSeconds(60));
      bert.statusFlags();
      door.time.pass(Duration.ofSeconds(31));
      assertThat(bert.openStatus(Ops.wish("f").deny(Ops.BOTH))).isEqualTo(Nfs4Status.OK);
      Host late = back(door, "anna");
      assertThat(late.call(reclaim(opened)).status).isEqualTo(Nfs4Status.NO_GRACE);
    }
  }

  /** A client with many files, which notices the restart late, gets all of them back. */
  @Test
  void whoStillReclaimsWhenTheTimeIsOverGoesOn() {
    try (StateDoor door = new StateDoor()) {
      Host anna = Host.ready(door, "anna");
      List<Answer.Opened> files = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        files.add(anna.create("f" + i));
      }
      door.restart();
      door.time.pass(Duration.ofSeconds(85));
      Host again = back(door, "anna");
      for (Answer.Opened file : files) {
        assertThat(again.call(reclaim(file)).status).isEqualTo(Nfs4Status.OK);
        door.time.pass(Duration.ofSeconds(1));
      }
      assertThat(door.grace.isRunning()).isTrue();
      assertThat(complete(again)).isEqualTo(Nfs4Status.OK);
      assertThat(door.grace.isRunning()).isFalse();
    }
  }

  /** RFC 8881 section 10.2.1: it must be allowed within the grace period. */
  @Test
  void whatIsOpenedByAReclaimedDelegationDoesNotWaitForTheEndOfTheGracePeriod() {
    try (StateDoor door = new StateDoor()) {
      Host anna = Host.ready(door, "anna");
      Answer.Opened opened = anna.create("f");
      door.restart();
      Host again = back(door, "anna");
      Ops reclaim = Ops.at(opened.handle).open(Ops.reclaim(OpenArgs.DELEGATE_WRITE));
      Answer.Opened reclaimed = again.call(reclaim).sequence().handle().opened();
      assertThat(reclaimed.delegation).isEqualTo(OpenArgs.DELEGATE_WRITE);
      Ops.OpenWish more =
          new Ops.OpenWish()
              .owner("other")
              .claim(
                  out -> {
                    out.writeInt(OpenArgs.CLAIM_DELEG_CUR_FH);
                    reclaimed.delegated.encode(out);
                  });
      assertThat(again.call(Ops.at(opened.handle).open(more)).status).isEqualTo(Nfs4Status.OK);
      assertThat(door.grace.isRunning()).isTrue();
    }
  }

  @Test
  void clientsOfMinorVersion0ReclaimToo() {
    try (StateDoor door = new StateDoor()) {
      OldHost anna = OldHost.ready(door, "anna");
      Answer.Opened opened = anna.openConfirmed(Ops.wish("f").create(OpenArgs.UNCHECKED));
      door.restart();
      OldHost again = OldHost.ready(door, "anna");
      assertThat(again.call(again.openOps(Ops.wish("f"), 1)).status).isEqualTo(Nfs4Status.GRACE);
      Ops ops =
          Ops.at(opened.handle).open(Ops.reclaim(OpenArgs.DELEGATE_WRITE).of(again.clientId, 2));
      Answer.Opened reclaimed = again.call(ops).handle().opened();
      assertThat(reclaimed.flags & 2).as("needs no OPEN_CONFIRM").isZero();
      assertThat(reclaimed.delegation).isEqualTo(OpenArgs.DELEGATE_WRITE);
      OldHost bert = OldHost.ready(door, "bert");
      Ops stolen = Ops.at(opened.handle).open(Ops.reclaim(0).of(bert.clientId, 1));
      assertThat(bert.call(stolen).status).isEqualTo(Nfs4Status.RECLAIM_BAD);
      anna.close();
      again.close();
      bert.close();
    }
  }

  @Test
  void acrossACrashTheRecordsSayWhoMayReclaim() throws Exception {
    Path records = directory.resolve("nfs4-clients");
    try (StateDoor door = new StateDoor(StateDoor.LIMITS, records)) {
      Host anna = Host.ready(door, "anna");
      Answer.Opened opened = anna.create("f");
      assertThat(Files.readAllLines(records)).as("before the answer").hasSize(2);
      Host idle = Host.ready(door, "idle");
      door.crash();
      assertThat(door.grace.isRunning()).isTrue();
      Host again = back(door, "anna");
      assertThat(again.call(reclaim(opened)).status).isEqualTo(Nfs4Status.OK);
      Host other = back(door, "idle");
      assertThat(other.call(reclaim(opened)).status).isEqualTo(Nfs4Status.RECLAIM_BAD);
      door.crash(); // once more before the grace period is over
      assertThat(back(door, "anna").call(reclaim(opened)).status).isEqualTo(Nfs4Status.OK);
      door.time.pass(Duration.ofSeconds(95));
      idle.close();
    }
    assertThat(Files.readAllLines(records)).as("anna still holds something").hasSize(2);
  }

  /** RFC 8881, section 8.4.2.1: the principal is a part of the record. */
  @Test
  void whoTakesTheNameOfAClientDoesNotReclaimItsFiles() {
    Path records = directory.resolve("nfs4-clients");
    try (StateDoor door = new StateDoor(StateDoor.LIMITS, records)) {
      Answer.Opened opened = Host.ready(door, "anna").create("f");
      door.crash();
      Credential other = new Credential.Sys(1, "tester", 1000, 1000, List.of());
      Host thief = back(door, "anna", other);
      assertThat(thief.call(reclaim(opened)).status).isEqualTo(Nfs4Status.RECLAIM_BAD);
      assertThat(complete(thief)).isEqualTo(Nfs4Status.OK);
      assertThat(door.grace.isRunning()).as("anna may still come").isTrue();
      thief
          .call(
              Ops.none()
                  .add(
                      Op4.DESTROY_SESSION,
                      out -> out.writeLong(thief.sessionHigh).writeLong(thief.sessionLow)))
          .sequence()
          .ok(Op4.DESTROY_SESSION);
      assertThat(back(door, "anna").call(reclaim(opened)).status).isEqualTo(Nfs4Status.OK);
    }
  }

  /** Formats of earlier versions say no principal, so any that calls itself so may reclaim. */
  @Test
  void aListWithoutPrincipalsIsReadAndWrittenAnew() throws Exception {
    Path records = directory.resolve("nfs4-clients");
    byte[] handle;
    try (StateDoor door = new StateDoor(StateDoor.LIMITS, records)) {
      Host anna = Host.ready(door, "anna");
      handle = anna.create("f").handle;
      List<String> lines = new ArrayList<>(Files.readAllLines(records));
      assertThat(lines.remove(0)).isEqualTo("facsim-nfs4-clients 2");
      String line = lines.get(0);
      Files.write(
          records, List.of("facsim-nfs4-clients 1", line.substring(0, line.lastIndexOf(' '))));
      door.crash();
      Host again = back(door, "anna");
      assertThat(again.call(Ops.at(handle).open(Ops.reclaim(0))).status).isEqualTo(Nfs4Status.OK);
      assertThat(complete(again)).isEqualTo(Nfs4Status.OK);
      assertThat(door.grace.isRunning()).as("everybody has reclaimed").isFalse();
    }
    assertThat(Files.readAllLines(records)).hasSize(2).contains("facsim-nfs4-clients 2");
  }

  @Test
  void aDamagedListOfClientsCountsAsEmpty() throws Exception {
    Path records = directory.resolve("nfs4-clients");
    Files.writeString(records, "something else");
    try (StateDoor door = new StateDoor(StateDoor.LIMITS, records)) {
      assertThat(door.grace.isRunning()).isFalse();
      Host.ready(door, "anna").create("f");
    }
    assertThat(Files.readAllLines(records)).hasSize(2);
  }
}
