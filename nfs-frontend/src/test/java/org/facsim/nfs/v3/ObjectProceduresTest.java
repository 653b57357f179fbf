/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Access3;
import org.facsim.protocol.nfs3.Changed3;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.FsInfo3;
import org.facsim.protocol.nfs3.FsStat3;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Lookup3;
import org.facsim.protocol.nfs3.Made3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ObjectArgs3;
import org.facsim.protocol.nfs3.PathConf3;
import org.facsim.protocol.nfs3.PostOpFailure3;
import org.facsim.protocol.nfs3.ReadLink3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.SetAttr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.WccAttr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GETATTR, SETATTR, LOOKUP, ACCESS, READLINK, FSSTAT, FSINFO, PATHCONF: whole replies. */
class ObjectProceduresTest {
  private final Door door = new Door();

  @AfterEach
  void close() {
    door.close();
  }

  private Nfs3Handle file(String name) {
    return Door.join(door.client.create(door.root, name, new Create3.Guarded(Sattr3.ofMode(0640))))
        .handle();
  }

  @Test
  void nullAnswersNothing() {
    assertThat(door.call(Nfs3.NULL, out -> {})).isEmpty();
  }

  @Test
  void getattrReplyOfTheRootIsByteForByteAsRfc1813Says() {
    Fattr3 root = door.attributes(door.root);
    String time = "%08x%08x";
    long created = root.changeTimeNanos();
    String stamp = time.formatted(created / 1_000_000_000, created % 1_000_000_000);
    String expected =
        "00000000" // NFS3_OK
            + "00000002" // NF3DIR
            + "000001ed" // 0755
            + "00000002" // links
            + "00000000" // uid
            + "00000000" // gid
            + "%016x".formatted(root.sizeBytes())
            + "%016x".formatted(root.usedBytes())
            + "0000000000000000" // device
            + "%016x".formatted(door.volume.id())
            + "%016x".formatted(door.volume.root().fileId())
            + stamp
            + stamp
            + stamp;
    byte[] reply = door.call(GetAttr3.PROCEDURE, new GetAttr3.Args(door.root)::encode);
    assertThat(Door.hex(reply)).isEqualTo(expected);
  }

  @Test
  void setattrSetsAllThatItNamesAndAnswersWithBothStates() {
    Nfs3Handle file = file("f");
    WccAttr before = door.before(file);
    Sattr3 wanted =
        new Sattr3(
            0100711, 5L, 6L, 10_000L, Sattr3.SetTime.to(7_000_000_008L), Sattr3.SetTime.to(9));
    byte[] reply = door.call(SetAttr3.PROCEDURE, new SetAttr3.Args(file, wanted, null)::encode);
    Door.assertReply(reply, Changed3.ok(door.wcc(before, file)));
    Fattr3 after = door.attributes(file);
    assertThat(after.mode()).isEqualTo(0711);
    assertThat(after.uid()).isEqualTo(5);
    assertThat(after.gid()).isEqualTo(6);
    assertThat(after.sizeBytes()).isEqualTo(10_000);
    assertThat(after.accessTimeNanos()).isEqualTo(7_000_000_008L);
    assertThat(after.modifyTimeNanos()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000_000, 0x7fff_ffff, 0xffff_ffffL})
  void aTimeWithTooManyNanosecondsIsInvalidAndChangesNothing(long nanoseconds) {
    Nfs3Handle file = file("f");
    String picture = door.picture();
    Sattr3.SetTime none = Sattr3.SetTime.to(-1); // encoded as 0 s and 2^32-1 ns
    for (boolean isAccessTime : new boolean[] {true, false}) {
      Sattr3 wanted =
          new Sattr3(
              0711,
              null,
              null,
              5L,
              isAccessTime ? none : Sattr3.SetTime.KEEP,
              isAccessTime ? Sattr3.SetTime.KEEP : none);
      byte[] reply =
          door.call(
              SetAttr3.PROCEDURE,
              out -> {
                new SetAttr3.Args(file, wanted, null).encode(out);
                out.setInt(out.writerIndex() - (isAccessTime ? 12 : 8), (int) nanoseconds);
              });
      Door.assertReply(reply, new Changed3(Nfs3Status.INVAL, door.afterOnly(file)));
      assertThat(door.picture()).isEqualTo(picture);
    }
    byte[] guarded =
        door.call(
            SetAttr3.PROCEDURE,
            out -> {
              new SetAttr3.Args(file, Sattr3.ofMode(0), 0L).encode(out);
              out.setInt(out.writerIndex() - 4, (int) nanoseconds);
            });
    Door.assertReply(guarded, new Changed3(Nfs3Status.NOT_SYNC, door.afterOnly(file)));
    assertThat(door.picture()).isEqualTo(picture);
  }

  @Test
  void setattrWithAnOldGuardChangesNothing() {
    Nfs3Handle file = file("f");
    long changed = door.attributes(file).changeTimeNanos();
    String picture = door.picture();
    byte[] refused =
        door.call(
            SetAttr3.PROCEDURE, new SetAttr3.Args(file, Sattr3.ofMode(0), changed - 1)::encode);
    Door.assertReply(refused, new Changed3(Nfs3Status.NOT_SYNC, door.afterOnly(file)));
    assertThat(door.picture()).isEqualTo(picture);

    WccAttr before = door.before(file);
    byte[] done =
        door.call(SetAttr3.PROCEDURE, new SetAttr3.Args(file, Sattr3.ofMode(0), changed)::encode);
    Door.assertReply(done, Changed3.ok(door.wcc(before, file)));
  }

  @Test
  void setattrOfASizeBeyondTheLargestFileIsTooBig() {
    Nfs3Handle file = file("f");
    byte[] reply =
        door.call(
            SetAttr3.PROCEDURE,
            new SetAttr3.Args(file, Sattr3.ofSize(Volume.MAX_FILE_BYTES + 1), null)::encode);
    Door.assertReply(reply, new Changed3(Nfs3Status.FBIG, door.afterOnly(file)));
  }

  @Test
  void lookupAnswersHandleAndBothAttributes() {
    Nfs3Handle file = file("f");
    Door.assertReply(
        lookup(door.root, "f"),
        new Lookup3.Ok(file, door.attributes(file), door.attributes(door.root)));
    Door.assertReply(
        lookup(door.root, "absent"),
        new Lookup3.Fail(Nfs3Status.NOENT, door.attributes(door.root)));
    Door.assertReply(lookup(file, "f"), new Lookup3.Fail(Nfs3Status.NOTDIR, door.attributes(file)));
  }

  @Test
  void lookupKnowsDotAndDotDot() {
    Nfs3Handle sub = Door.join(door.client.mkdir(door.root, "sub", Sattr3.NONE)).handle();
    Door.assertReply(
        lookup(sub, "."), new Lookup3.Ok(sub, door.attributes(sub), door.attributes(sub)));
    Door.assertReply(
        lookup(sub, ".."),
        new Lookup3.Ok(door.root, door.attributes(door.root), door.attributes(sub)));
    Door.assertReply(
        lookup(door.root, ".."),
        new Lookup3.Ok(door.root, door.attributes(door.root), door.attributes(door.root)));
  }

  @Test
  void namesOf255BytesAreFineAndOf256TooLong() {
    String longest = "n".repeat(255);
    Nfs3Handle file = file(longest);
    assertThat(Door.join(door.client.lookup(door.root, longest)).handle()).isEqualTo(file);
    Door.assertReply(
        lookup(door.root, longest + "n"),
        new Lookup3.Fail(Nfs3Status.NAMETOOLONG, door.attributes(door.root)));
    byte[] create =
        door.call(
            Create3.PROCEDURE,
            new Create3.Args(door.root, Name3.of(longest + "n"), new Create3.Guarded(Sattr3.NONE))
                ::encode);
    Door.assertReply(create, new Made3.Fail(Nfs3Status.NAMETOOLONG, door.afterOnly(door.root)));
  }

  private byte[] lookup(Nfs3Handle directory, String name) {
    return door.call(Lookup3.PROCEDURE, new Lookup3.Args(directory, Name3.of(name))::encode);
  }

  @Test
  void accessAnswersWhatTheModeAllows() {
    Nfs3Handle file = file("f");
    byte[] reply = door.call(Access3.PROCEDURE, new Access3.Args(file, 0xff)::encode);
    Door.assertReply(
        reply,
        new Access3.Ok(
            door.attributes(file), Nfs3.ACCESS_READ | Nfs3.ACCESS_MODIFY | Nfs3.ACCESS_EXTEND));
    byte[] directory =
        door.call(
            Access3.PROCEDURE,
            new Access3.Args(door.root, Nfs3.ACCESS_LOOKUP | Nfs3.ACCESS_DELETE)::encode);
    Door.assertReply(
        directory,
        new Access3.Ok(door.attributes(door.root), Nfs3.ACCESS_LOOKUP | Nfs3.ACCESS_DELETE));
  }

  @Test
  void readlinkAnswersTheTargetAndRefusesFiles() {
    Nfs3Handle link =
        Door.join(door.client.symlink(door.root, "l", Sattr3.NONE, "../some where")).handle();
    byte[] reply = door.call(ReadLink3.PROCEDURE, new ObjectArgs3(link)::encode);
    Door.assertReply(reply, new ReadLink3.Ok(door.attributes(link), Name3.of("../some where")));
    Nfs3Handle file = file("f");
    byte[] refused = door.call(ReadLink3.PROCEDURE, new ObjectArgs3(file)::encode);
    Door.assertReply(refused, new PostOpFailure3(Nfs3Status.INVAL, door.attributes(file)));
  }

  @Test
  void fsstatIsTheLedgerOfTheVolume() {
    Nfs3Handle file = file("f");
    byte[] data = new byte[3 * 4096];
    data[0] = 1;
    data[4096] = 2;
    data[8192] = 3;
    Door.join(door.client.write(file, 0, Unpooled.wrappedBuffer(data), StableHow.FILE_SYNC));
    byte[] reply = door.call(FsStat3.PROCEDURE, new ObjectArgs3(door.root)::encode);
    Door.assertReply(
        reply,
        new FsStat3.Ok(
            door.attributes(door.root),
            Door.VOLUME_BYTES,
            Door.VOLUME_BYTES - data.length,
            Door.VOLUME_BYTES - data.length,
            door.volume.space().freeInodes() + 2,
            door.volume.space().freeInodes(),
            door.volume.space().freeInodes(),
            0));
  }

  @Test
  void whatARemovedFileHadIsFreeAtOnce() {
    for (int round = 0; round < 5; round++) {
      Nfs3Handle file = file("f");
      byte[] data = new byte[1 << 20];
      java.util.Arrays.fill(data, (byte) 1);
      for (int i = 0; i < 24; i++) {
        long offsetBytes = (long) i * data.length;
        Door.join(
            door.client.write(file, offsetBytes, Unpooled.wrappedBuffer(data), StableHow.UNSTABLE));
      }
      Door.join(door.client.remove(door.root, "f"));
      FsStat3.Ok space = Door.join(door.client.fsstat(door.root));
      assertThat(space.freeBytes()).isEqualTo(Door.VOLUME_BYTES);
      assertThat(space.availableBytes()).isEqualTo(Door.VOLUME_BYTES);
    }
  }

  @Test
  void fsinfoAdvertisesWhatIsEnforced() {
    byte[] reply = door.call(FsInfo3.PROCEDURE, new ObjectArgs3(door.root)::encode);
    int mib = 1 << 20;
    Door.assertReply(
        reply,
        new FsInfo3.Ok(
            door.attributes(door.root), mib, mib, 4096, mib, mib, 4096, 65536, 1L << 44, 1, 0x1b));
  }

  @Test
  void pathconfAnswersTheLimitsOfNames() {
    byte[] reply = door.call(PathConf3.PROCEDURE, new ObjectArgs3(door.root)::encode);
    Door.assertReply(
        reply,
        new PathConf3.Ok(
            door.attributes(door.root), Volume.MAX_LINKS, 255, true, true, false, true));
  }
}
