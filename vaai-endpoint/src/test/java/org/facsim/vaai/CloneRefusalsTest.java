/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clones that are refused: the whole reply, the same for a dry run, and nothing changed. */
final class CloneRefusalsTest {
  private static final VaaiFile SOURCE = VaaiFile.byPath("source");
  private static final VaaiFile COPY = VaaiFile.byPath("copy");

  private VaaiLab lab;
  private SessionId session;
  private Inode copy;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
    session = lab.session("/one");
    lab.makeFile("source", 1, 3);
    copy = lab.makeFile("copy", 2, 2);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private void assertRefused(
      VaaiStatus status, String reason, VaaiFile source, VaaiFile destination, int flags) {
    assertRefused(status, reason, lab.clone(session, source, destination, flags));
    assertRefused(
        status, reason, lab.clone(session, source, destination, flags | CloneFlags.DRY_RUN));
  }

  private void assertRefused(VaaiStatus status, String reason, CloneCall call) {
    long physical = lab.array().physicalUsedBytes();
    List<Long> counters = changeCounters();
    assertThat(lab.replyBytes(call)).isEqualTo(VaaiLab.failure(status, reason));
    assertThat(changeCounters()).isEqualTo(counters);
    assertThat(lab.array().physicalUsedBytes()).isEqualTo(physical);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
  }

  private List<Long> changeCounters() {
    return Stream.of(lab.volume(), lab.otherVolume())
        .flatMap(
            volume ->
                Stream.concat(
                    Stream.of(volume.root()),
                    volume
                        .names()
                        .readDirectory(Caller.ROOT, volume.root(), 0, 1000)
                        .entries()
                        .stream()
                        .map(Volume.DirectoryEntry::inode)))
        .map(inode -> inode.attributes().changeCounter())
        .toList();
  }

  @Test
  void aMissingSourceOrDestination() {
    assertRefused(VaaiStatus.NOENT, "no file none", VaaiFile.byPath("none"), COPY, 0);
    assertRefused(VaaiStatus.NOENT, "no destination none", SOURCE, VaaiFile.byPath("none"), 0);
    assertRefused(
        VaaiStatus.NOENT, "no directory none", SOURCE, VaaiFile.byPath("none/x"), CloneFlags.LAZY);
  }

  @Test
  void aDirectoryOrLinkInPlaceOfAFile() {
    lab.makeDirectory("vm", 0755);
    lab.volume()
        .names()
        .makeSymbolicLink(
            Caller.ROOT,
            lab.volume().root(),
            Name.of("link"),
            new byte[] {'c', 'o', 'p', 'y'},
            AttributeChanges.NONE);
    VaaiFile directory = VaaiFile.byPath("vm");
    VaaiFile link = VaaiFile.byPath("link");
    assertRefused(VaaiStatus.ISDIR, "the destination is a directory", SOURCE, directory, 0);
    assertRefused(VaaiStatus.ISDIR, "the source is a directory", directory, COPY, 0);
    assertRefused(
        VaaiStatus.ISDIR, "the destination is a directory", SOURCE, VaaiFile.byPath(""), 0);
    assertRefused(VaaiStatus.BADTYPE, "the destination is no regular file", SOURCE, link, 0);
    assertRefused(VaaiStatus.BADTYPE, "the source is no regular file", link, COPY, 0);
    assertRefused(
        VaaiStatus.NOTDIR, "not a directory above x", SOURCE, VaaiFile.byPath("copy/x"), 0);
    assertRefused(
        VaaiStatus.NOTDIR, "not a directory above x", SOURCE, VaaiFile.byPath("link/x"), 0);
  }

  @Test
  void aPathThatLeavesTheExportOrIsNoPath() {
    assertRefused(VaaiStatus.INVAL, "'..' in a path", SOURCE, VaaiFile.byPath("../copy"), 0);
    assertRefused(VaaiStatus.INVAL, "'..' in a path", SOURCE, VaaiFile.byPath("vm/.."), 0);
    assertThat(lab.status(lab.clone(session, SOURCE, VaaiFile.byPath("a\0b"), CloneFlags.LAZY)))
        .isEqualTo(VaaiStatus.INVAL);
    assertThat(
            lab.status(
                lab.clone(session, SOURCE, VaaiFile.byPath("x".repeat(256)), CloneFlags.LAZY)))
        .isEqualTo(VaaiStatus.NAMETOOLONG);
  }

  @Test
  void aGuardedCloneOntoAFileThatExists() {
    String reason = "guarded, and the destination exists";
    assertRefused(VaaiStatus.EXIST, reason, SOURCE, COPY, CloneFlags.GUARDED);
    assertRefused(VaaiStatus.EXIST, reason, SOURCE, COPY, CloneFlags.GUARDED | CloneFlags.LAZY);
  }

  @Test
  void aFileOntoItself() {
    String reason = "source and destination are one file";
    assertRefused(VaaiStatus.INVAL, reason, SOURCE, SOURCE, 0);
    assertRefused(
        VaaiStatus.INVAL, reason, SOURCE, VaaiLab.handleOf(lab.lookup("source")), CloneFlags.LAZY);
  }

  @Test
  void flagsThatAreUnknownOrDoNotFitTheArguments() {
    assertRefused(VaaiStatus.INVAL, "unknown clone flags 0x10", SOURCE, COPY, 0x10);
    assertRefused(VaaiStatus.INVAL, "unknown clone flags 0x80000000", SOURCE, COPY, 0x80000000);
    String reason = "a source session goes with the other-volume flag, and only with it";
    assertRefused(VaaiStatus.INVAL, reason, SOURCE, COPY, CloneFlags.OTHER_VOLUME);
    assertRefused(
        VaaiStatus.INVAL,
        reason,
        new CloneCall(session, 100, 0, Optional.of(session), SOURCE, COPY));
  }

  @Test
  void aSourceOnAnotherVolume() {
    lab.makeFile(lab.otherVolume(), "far", 0644);
    SessionId other = lab.session("/two");
    lab.profiles().set("one", NamedProfiles.find("one-volume").orElseThrow());
    assertRefused(
        VaaiStatus.XVOL,
        "clones across volumes are not offloaded",
        new CloneCall(
            session,
            100,
            CloneFlags.OTHER_VOLUME,
            Optional.of(other),
            VaaiFile.byPath("far"),
            COPY));
    Inode far =
        lab.otherVolume().names().lookup(Caller.ROOT, lab.otherVolume().root(), Name.of("far"));
    String reason = "the handle belongs to another volume than the session";
    assertRefused(VaaiStatus.XVOL, reason, VaaiLab.handleOf(far), COPY, 0);
    assertRefused(VaaiStatus.XVOL, reason, SOURCE, VaaiLab.handleOf(far), 0);
    assertRefused(
        VaaiStatus.SESSION,
        "session 00000000000000010000000000000002 is unknown or expired",
        new CloneCall(
            session, 101, CloneFlags.OTHER_VOLUME, Optional.of(new SessionId(1, 2)), SOURCE, COPY));
  }

  @Test
  void handlesThatAreStaleOrWereNeverIssued() {
    Inode gone = lab.makeFile("gone", 3, 1);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("gone"));
    CloneCall fromGone = lab.clone(session, VaaiLab.handleOf(gone), COPY, 0);
    assertThat(lab.status(fromGone)).isEqualTo(VaaiStatus.STALE);
    CloneCall ontoGone = lab.clone(session, SOURCE, VaaiLab.handleOf(gone), 0);
    assertThat(lab.status(ontoGone)).isEqualTo(VaaiStatus.STALE);
    byte[] forged = copy.handle().toBytes();
    forged[31] ^= 1;
    for (byte[] handle : List.of(forged, new byte[0], new byte[31], new byte[32], new byte[64])) {
      CloneCall call = lab.clone(session, SOURCE, VaaiFile.byHandle(handle), 0);
      assertThat(lab.status(call)).isEqualTo(VaaiStatus.BADHANDLE);
    }
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
  }

  @Test
  void aReadOnlyExportOrOneThatRefusesVaai() {
    lab.exports().makeReadOnly("/one");
    assertRefused(VaaiStatus.ROFS, "the export is read-only for this client", SOURCE, COPY, 0);
    lab.exports().refuseVaai("/one");
    assertRefused(
        VaaiStatus.ACCESS, "the export's rules refuse VAAI to 127.0.0.1", SOURCE, COPY, 0);
    lab.exports().withdraw("/one");
    assertRefused(VaaiStatus.NOENT, "no export /one", SOURCE, COPY, 0);
  }

  @Test
  void filesThatTheCallerMayNotReadOrWrite() {
    VaaiClient stranger = lab.clientOf(1000);
    lab.makeFile(lab.volume(), "secret", 0600);
    lab.makeFile(lab.volume(), "open", 0666);
    VaaiFile open = VaaiFile.byPath("open");
    VaaiFile secret = VaaiFile.byPath("secret");
    for (int flags : new int[] {0, CloneFlags.DRY_RUN}) {
      assertThat(answer(stranger, secret, open, flags))
          .isEqualTo("ACCESS: no permission to read the source");
      assertThat(answer(stranger, SOURCE, COPY, flags))
          .isEqualTo("ACCESS: no permission to write the destination");
      assertThat(answer(stranger, SOURCE, VaaiFile.byPath("new"), flags | CloneFlags.LAZY))
          .isEqualTo("ACCESS: no permission to make the destination");
      assertThat(answer(stranger, SOURCE, open, flags)).isEqualTo("OK: ");
    }
    assertThat(lab.exists("new")).isFalse();
  }

  @Test
  void theOwnerMayAlwaysReadAndWriteAsOverNfs() {
    lab.makeFile(lab.volume(), "mine", 0000);
    Inode mine = lab.lookup("mine");
    lab.volume()
        .attributes()
        .setAttributes(
            Caller.ROOT,
            mine,
            new AttributeChanges(
                null,
                1000L,
                1000L,
                null,
                AttributeChanges.TimeChange.KEEP,
                AttributeChanges.TimeChange.KEEP),
            null);
    for (int flags : new int[] {CloneFlags.DRY_RUN, 0}) {
      assertThat(answer(lab.clientOf(1000), SOURCE, VaaiFile.byPath("mine"), flags))
          .isEqualTo("OK: ");
    }
    assertThat(mine.attributes().uid()).isEqualTo(1000);
    assertThat(lab.seedAt(mine, 2)).isEqualTo(1);
  }

  private String answer(VaaiClient client, VaaiFile source, VaaiFile destination, int flags) {
    var reply = VaaiWire.await(client.cloneFile(lab.clone(session, source, destination, flags)));
    return reply.status() + ": " + reply.reason();
  }

  @Test
  void anIdOfAnEarlierRequestWithOtherArguments() {
    assertThat(lab.status(CloneCall.within(session, 50, SOURCE, VaaiFile.byPath("none"), 0)))
        .isEqualTo(VaaiStatus.NOENT);
    assertRefused(
        VaaiStatus.REQUEST,
        "request 50 was used for another call",
        CloneCall.within(session, 50, SOURCE, COPY, 0));
  }

  @Test
  void aSessionThatIsUnknown() {
    assertRefused(
        VaaiStatus.SESSION,
        "session 00000000000000090000000000000009 is unknown or expired",
        lab.clone(new SessionId(9, 9), SOURCE, COPY, 0));
  }
}
