/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handles, names, attributes and data, over minor version 0, which needs no session. */
class FileOperationsTest {
  private final Door4 door = new Door4();

  @AfterEach
  void close() {
    door.close();
  }

  private static Call4 inVolume() {
    return Call4.of(0).root().lookup(Door4.VOLUME);
  }

  private Nfs4Status statusOf(Call4 call) {
    return call.send(door.rpc).status;
  }

  private Inode find(String name) {
    return door.volume.names().lookup(Caller.ROOT, door.volume.root(), Name.of(name));
  }

  // ---------------------------------------------------------------- handles

  @Test
  void handleOfAFileIsTheOneOfNfs3() {
    Inode file = door.file("a");
    Call4.Reply reply = inVolume().lookup("a").op(Op4.GETFH).send(door.rpc);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.GETFH);
    assertThat(reply.opaque()).isEqualTo(file.handle().toBytes());
  }

  @Test
  void pseudoRootHasAHandleThatLeadsBackToIt() {
    byte[] handle = Call4.of(0).root().op(Op4.GETFH).send(door.rpc).done(24, 10).opaque();
    assertThat(handle).hasSize(32).startsWith("FACP".getBytes(UTF_8));
    Call4.Reply reply = Call4.of(0).handle(handle).lookup(Door4.VOLUME).send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void handlesThatAreNoneAreBad() {
    assertThat(statusOf(Call4.of(0).handle(new byte[32]))).isEqualTo(Nfs4Status.BADHANDLE);
    assertThat(statusOf(Call4.of(0).handle(new byte[3]))).isEqualTo(Nfs4Status.BADHANDLE);
    assertThat(statusOf(Call4.of(0).handle(new byte[128]))).isEqualTo(Nfs4Status.BADHANDLE);
  }

  @Test
  void everyOperationOnAFileNeedsAHandle() {
    List<Call4> calls = new ArrayList<>();
    for (int number : new int[] {Op4.GETFH, Op4.SAVEFH, Op4.LOOKUPP, Op4.READLINK}) {
      calls.add(Call4.of(0).op(number));
    }
    calls.add(Call4.of(0).getattr(Attr4.TYPE));
    calls.add(Call4.of(0).lookup("a"));
    calls.add(Call4.of(0).access(1));
    calls.add(Call4.of(0).named(Op4.REMOVE, "a"));
    calls.add(Call4.of(0).named(Op4.SECINFO, "a"));
    calls.add(Call4.of(0).makeDirectory("a"));
    calls.add(Call4.of(0).readdir(0, 4096));
    calls.add(Call4.of(0).read(Stateid4.ANONYMOUS, 0, 1));
    calls.add(Call4.of(0).write(Stateid4.ANONYMOUS, 0, Nfs4.FILE_SYNC, new byte[1]));
    for (Call4 call : calls) {
      assertThat(statusOf(call)).isEqualTo(Nfs4Status.NOFILEHANDLE);
    }
    assertThat(statusOf(Call4.of(0).op(Op4.RESTOREFH))).isEqualTo(Nfs4Status.RESTOREFH);
  }

  @Test
  void savedFileComesBack() {
    door.file("a");
    Call4.Reply reply =
        inVolume().lookup("a").op(Op4.SAVEFH).root().op(Op4.RESTOREFH).op(Op4.GETFH).send(door.rpc);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.SAVEFH, Op4.PUTROOTFH, Op4.RESTOREFH);
    reply.done(Op4.GETFH);
    assertThat(reply.opaque()).isEqualTo(find("a").handle().toBytes());
  }

  // ---------------------------------------------------------------- names

  @Test
  void namesThatAreNoneAreRefusedEachInItsWay() {
    assertThat(statusOf(inVolume().lookup(""))).isEqualTo(Nfs4Status.INVAL);
    assertThat(statusOf(inVolume().lookup("."))).isEqualTo(Nfs4Status.BADNAME);
    assertThat(statusOf(inVolume().lookup(".."))).isEqualTo(Nfs4Status.BADNAME);
    assertThat(statusOf(inVolume().lookup("a/b"))).isEqualTo(Nfs4Status.BADCHAR);
    assertThat(statusOf(inVolume().lookup("a\0b"))).isEqualTo(Nfs4Status.BADCHAR);
    assertThat(statusOf(inVolume().lookup("a".repeat(256)))).isEqualTo(Nfs4Status.NAMETOOLONG);
    assertThat(statusOf(inVolume().makeDirectory("a".repeat(255)))).isEqualTo(Nfs4Status.OK);
    Call4 notUtf8 = inVolume();
    Xdr.writeOpaque(notUtf8.raw(Op4.LOOKUP), new byte[] {(byte) 0xff});
    assertThat(statusOf(notUtf8)).isEqualTo(Nfs4Status.INVAL);
  }

  @Test
  void lookupInWhatIsNoDirectorySaysWhatItIs() {
    door.file("file");
    Call4 link = inVolume();
    ByteBuf out = link.raw(Op4.CREATE).writeInt(Nfs4.TYPE_SYMBOLIC_LINK);
    Xdr.writeString(out, "target");
    Xdr.writeString(out, "link");
    out.writeInt(0).writeInt(0);
    assertThat(statusOf(link)).isEqualTo(Nfs4Status.OK);
    assertThat(statusOf(inVolume().lookup("file").lookup("x"))).isEqualTo(Nfs4Status.NOTDIR);
    assertThat(statusOf(inVolume().lookup("link").lookup("x"))).isEqualTo(Nfs4Status.SYMLINK);
    Call4.Reply read = inVolume().lookup("link").op(Op4.READLINK).send(door.rpc);
    read.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.READLINK);
    assertThat(new String(read.opaque(), UTF_8)).isEqualTo("target");
  }

  @Test
  void parentOfAnExportIsThePseudoRootAndAboveThatIsNothing() {
    Call4.Reply up = inVolume().op(Op4.LOOKUPP).lookup(Door4.VOLUME).send(door.rpc);
    assertThat(up.status).isEqualTo(Nfs4Status.OK);
    assertThat(statusOf(Call4.of(0).root().op(Op4.LOOKUPP))).isEqualTo(Nfs4Status.NOENT);
    assertThat(statusOf(inVolume().makeDirectory("d").op(Op4.LOOKUPP).lookup("d")))
        .isEqualTo(Nfs4Status.OK);
  }

  @Test
  void changeInfoOfADirectoryIsAtomicAndFollowsItsChangeAttribute() {
    FileAttributes before = door.volume.root().attributes();
    Call4.Reply made = inVolume().makeDirectory("d").send(door.rpc);
    made.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.CREATE);
    FileAttributes between = door.volume.root().attributes();
    assertThat(made.in.readInt()).isEqualTo(1);
    assertThat(made.in.readLong()).isEqualTo(before.changeCounter());
    assertThat(made.in.readLong()).isEqualTo(between.changeCounter());
    Call4.Reply removed = inVolume().named(Op4.REMOVE, "d").send(door.rpc);
    removed.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.REMOVE);
    assertThat(removed.in.readInt()).isEqualTo(1);
    assertThat(removed.in.readLong()).isEqualTo(between.changeCounter());
    assertThat(removed.in.readLong()).isEqualTo(door.volume.root().attributes().changeCounter());
  }

  @Test
  void renameAndLinkWorkFromTheSavedFile() {
    door.file("a");
    Call4 link = inVolume().lookup("a").op(Op4.SAVEFH).root().lookup(Door4.VOLUME);
    assertThat(statusOf(link.named(Op4.LINK, "b"))).isEqualTo(Nfs4Status.OK);
    assertThat(find("b")).isEqualTo(find("a"));
    Call4 rename = inVolume().op(Op4.SAVEFH);
    ByteBuf out = rename.raw(Op4.RENAME);
    Xdr.writeString(out, "b");
    Xdr.writeString(out, "c");
    assertThat(statusOf(rename)).isEqualTo(Nfs4Status.OK);
    assertThat(find("c")).isEqualTo(find("a"));
  }

  /** RFC 8881 section 18.26.3; REMOVE says NOTEMPTY. */
  @Test
  void renameOverADirectoryWithEntriesSaysThatItExists() {
    for (String name : List.of("d", "full")) {
      var unused =
          door.volume
              .names()
              .makeDirectory(
                  Caller.ROOT, door.volume.root(), Name.of(name), AttributeChanges.ofMode(0777));
    }
    var unused =
        door.volume
            .names()
            .makeDirectory(Caller.ROOT, find("full"), Name.of("g"), AttributeChanges.ofMode(0777));
    Call4 rename = inVolume().op(Op4.SAVEFH);
    ByteBuf out = rename.raw(Op4.RENAME);
    Xdr.writeString(out, "d");
    Xdr.writeString(out, "full");
    assertThat(statusOf(rename)).isEqualTo(Nfs4Status.EXIST);
    assertThat(find("d")).isNotEqualTo(find("full"));
    assertThat(statusOf(inVolume().named(Op4.REMOVE, "full"))).isEqualTo(Nfs4Status.NOTEMPTY);
  }

  @Test
  void regularFilesAreNotMadeByCreate() {
    Call4 call = inVolume();
    ByteBuf out = call.raw(Op4.CREATE).writeInt(Nfs4.TYPE_REGULAR);
    Xdr.writeString(out, "file");
    out.writeInt(0).writeInt(0);
    assertThat(statusOf(call)).isEqualTo(Nfs4Status.BADTYPE);
  }

  @Test
  void removeAndRenameInThePseudoRootAreReadOnly() {
    assertThat(statusOf(Call4.of(0).root().named(Op4.REMOVE, Door4.VOLUME)))
        .isEqualTo(Nfs4Status.ROFS);
    assertThat(statusOf(Call4.of(0).root().makeDirectory("d"))).isEqualTo(Nfs4Status.ROFS);
  }

  // ---------------------------------------------------------------- listings

  @Test
  void listingInPagesShowsEachEntryOnceWithItsAttributes() {
    for (int i = 0; i < 300; i++) {
      door.file("file" + i);
    }
    List<String> names = new ArrayList<>();
    long cookie = 0;
    boolean isEnd = false;
    while (!isEnd) {
      Call4.Reply page = inVolume().readdir(cookie, 2000, Attr4.TYPE, Attr4.FILEID).send(door.rpc);
      page.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.READDIR);
      assertThat(page.in.readableBytes()).isLessThanOrEqualTo(2000);
      page.in.skipBytes(Nfs4.VERIFIER_BYTES);
      while (page.in.readInt() == 1) {
        cookie = page.in.readLong();
        String name = new String(page.opaque(), UTF_8);
        ByteBuf values = page.attributes(Attr4.TYPE, Attr4.FILEID);
        assertThat(values.readInt()).isEqualTo(Nfs4.TYPE_REGULAR);
        assertThat(values.readLong()).isEqualTo(find(name).fileId());
        names.add(name);
      }
      isEnd = page.in.readInt() == 1;
    }
    assertThat(names).hasSize(300).doesNotHaveDuplicates();
  }

  @Test
  void listingThatFitsNothingIsTooSmallAndAnEmptyOneNeedsSixteenBytes() {
    assertThat(statusOf(inVolume().readdir(0, 0))).isEqualTo(Nfs4Status.TOOSMALL);
    assertThat(statusOf(inVolume().readdir(0, 15))).isEqualTo(Nfs4Status.TOOSMALL);
    assertThat(statusOf(inVolume().readdir(0, 16))).isEqualTo(Nfs4Status.OK);
    door.file("a");
    assertThat(statusOf(inVolume().readdir(0, 30))).isEqualTo(Nfs4Status.TOOSMALL);
  }

  @Test
  void reservedCookiesWereNeverGiven() {
    for (long cookie : new long[] {1, 2, -1}) {
      assertThat(statusOf(inVolume().readdir(cookie, 4096))).isEqualTo(Nfs4Status.BAD_COOKIE);
    }
    assertThat(statusOf(inVolume().readdir(0, 4096, Attr4.TIME_MODIFY_SET)))
        .isEqualTo(Nfs4Status.INVAL);
  }

  // ---------------------------------------------------------------- attributes

  @Test
  void attributesAreTheArraysInTheOrderOfTheirNumbers() {
    Inode file = door.file("a");
    int[] wanted = {
      Attr4.TYPE,
      Attr4.CHANGE,
      Attr4.SIZE,
      Attr4.FSID,
      Attr4.LEASE_TIME,
      Attr4.FILEID,
      Attr4.MODE,
      Attr4.OWNER,
      Attr4.TIME_MODIFY,
      Attr4.MOUNTED_ON_FILEID
    };
    Call4.Reply reply = inVolume().lookup("a").getattr(wanted).send(door.rpc);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.GETATTR);
    ByteBuf values = reply.attributes(wanted);
    FileAttributes now = file.attributes();
    assertThat(values.readInt()).isEqualTo(Nfs4.TYPE_REGULAR);
    assertThat(values.readLong()).isEqualTo(now.changeCounter());
    assertThat(values.readLong()).isZero();
    assertThat(values.readLong()).isEqualTo(door.volume.id());
    assertThat(values.readLong()).isZero();
    assertThat(values.readInt()).isEqualTo(Door4.LEASE_SECONDS);
    assertThat(values.readLong()).isEqualTo(now.fileId());
    assertThat(values.readInt()).isEqualTo(0644);
    assertThat(Xdr.readString(values, 10)).isEqualTo("0");
    assertThat(values.readLong()).isEqualTo(now.modifyTimeNanos() / 1_000_000_000);
    assertThat(values.readInt()).isEqualTo((int) (now.modifyTimeNanos() % 1_000_000_000));
    assertThat(values.readLong()).isEqualTo(now.fileId());
    assertThat(values.isReadable()).isFalse();
  }

  @Test
  void everySupportedAttributeHasAValueHereAndInThePseudoRoot() {
    door.file("a");
    for (int minor = 0; minor <= Nfs4.MAX_MINOR_VERSION; minor++) {
      Bitmap4 supported = door.attributes.readable(minor);
      for (int i = supported.next(0); i >= 0; i = supported.next(i + 1)) {
        if (i < Attr4.end(0)) {
          for (Call4 call : List.of(Call4.of(0).root(), inVolume(), inVolume().lookup("a"))) {
            assertThat(statusOf(call.getattr(i))).as("attribute " + i).isEqualTo(Nfs4Status.OK);
          }
        }
      }
    }
  }

  @Test
  void attributesOfLaterMinorVersionsAreLeftOut() {
    Call4.Reply reply = inVolume().getattr(Attr4.TYPE, Attr4.CLONE_BLKSIZE, 95).send(door.rpc);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.GETATTR);
    assertThat(reply.attributes(Attr4.TYPE).readInt()).isEqualTo(Nfs4.TYPE_DIRECTORY);
  }

  @Test
  void settingAttributesIsWholeOrNothingAndSaysWhatWasSet() {
    door.file("a");
    Call4.Reply set =
        setattr(
            "a",
            Bitmap4.of(Attr4.MODE, Attr4.OWNER),
            values -> {
              values.writeInt(0600);
              Xdr.writeString(values, "1234");
            });
    set.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.SETATTR);
    assertThat(new Bitmap4().read(set.in)).isEqualTo(Bitmap4.of(Attr4.MODE, Attr4.OWNER));
    assertThat(find("a").attributes().mode()).isEqualTo(0600);
    assertThat(find("a").attributes().uid()).isEqualTo(1234);
    Call4.Reply badOwner =
        setattr(
            "a",
            Bitmap4.of(Attr4.MODE, Attr4.OWNER),
            values -> {
              values.writeInt(0777);
              Xdr.writeString(values, "somebody@example.org");
            });
    badOwner.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP);
    badOwner.expect(Op4.SETATTR, Nfs4Status.BADOWNER);
    assertThat(new Bitmap4().read(badOwner.in).isEmpty()).isTrue();
    assertThat(find("a").attributes().mode()).isEqualTo(0600);
  }

  @Test
  void attributesThatCannotBeSetAreRefused() {
    door.file("a");
    assertThat(setattr("a", Bitmap4.of(Attr4.LINK_SUPPORT), v -> v.writeInt(1)).status)
        .isEqualTo(Nfs4Status.INVAL);
    assertThat(setattr("a", Bitmap4.of(Attr4.HIDDEN), v -> v.writeInt(1)).status)
        .isEqualTo(Nfs4Status.ATTRNOTSUPP);
    assertThat(setattr("a", Bitmap4.of(Attr4.MODE), v -> v.writeInt(0x10000)).status)
        .isEqualTo(Nfs4Status.INVAL);
    assertThat(setattr("a", Bitmap4.of(Attr4.MODE), v -> v.writeLong(0)).status)
        .isEqualTo(Nfs4Status.BADXDR);
    assertThat(
            setattr(
                    "a",
                    Bitmap4.of(Attr4.TIME_MODIFY_SET),
                    v -> {
                      v.writeInt(Nfs4.SET_TO_CLIENT_TIME).writeLong(1).writeInt(1_000_000_000);
                    })
                .status)
        .isEqualTo(Nfs4Status.INVAL);
  }

  private Call4.Reply setattr(
      String name, Bitmap4 attributes, java.util.function.Consumer<ByteBuf> values) {
    Call4 call = inVolume().lookup(name);
    ByteBuf out = call.raw(Op4.SETATTR);
    Stateid4.ANONYMOUS.encode(out);
    attributes.write(out);
    ByteBuf encoded = io.netty.buffer.Unpooled.buffer();
    values.accept(encoded);
    out.writeInt(encoded.readableBytes()).writeBytes(encoded);
    return call.send(door.rpc);
  }

  @Test
  void verifyGoesOnIfValuesAreEqualAndNverifyIfTheyAreNot() {
    door.file("a");
    assertThat(statusOf(verify(Op4.VERIFY, Nfs4.TYPE_REGULAR))).isEqualTo(Nfs4Status.OK);
    assertThat(statusOf(verify(Op4.VERIFY, Nfs4.TYPE_FIFO))).isEqualTo(Nfs4Status.NOT_SAME);
    assertThat(statusOf(verify(Op4.NVERIFY, Nfs4.TYPE_FIFO))).isEqualTo(Nfs4Status.OK);
    assertThat(statusOf(verify(Op4.NVERIFY, Nfs4.TYPE_REGULAR))).isEqualTo(Nfs4Status.SAME);
  }

  private static Call4 verify(int operation, int type) {
    Call4 call = inVolume().lookup("a");
    ByteBuf out = call.raw(operation);
    Bitmap4.of(Attr4.TYPE).write(out);
    out.writeInt(Integer.BYTES).writeInt(type);
    return call;
  }

  @Test
  void accessSaysOnlyWhatHasAMeaningForTheType() {
    door.file("a");
    Call4.Reply file = inVolume().lookup("a").access(0x3f).send(door.rpc);
    file.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.ACCESS);
    assertThat(file.in.readInt()).isEqualTo(0x2d);
    assertThat(file.in.readInt() & ~0x2d).isZero();
    Call4.Reply directory = inVolume().access(0x3f).send(door.rpc);
    directory.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.ACCESS);
    assertThat(directory.in.readInt()).isEqualTo(0x1f);
    assertThat(directory.in.readInt()).isEqualTo(0x1f);
    assertThat(statusOf(inVolume().access(0x40))).isEqualTo(Nfs4Status.INVAL);
  }

  // ---------------------------------------------------------------- data

  @Test
  void whatIsWrittenIsReadAlsoWithoutACopy() {
    door.file("a");
    for (int bytes : new int[] {5, 4096, 100_001}) {
      byte[] data = new byte[bytes];
      for (int i = 0; i < bytes; i++) {
        data[i] = (byte) (i * 31 + bytes);
      }
      Call4.Reply written =
          inVolume()
              .lookup("a")
              .write(Stateid4.ANONYMOUS, 8192, Nfs4.FILE_SYNC, data)
              .send(door.rpc);
      written.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.WRITE);
      assertThat(written.in.readInt()).isEqualTo(bytes);
      assertThat(written.in.readInt()).isEqualTo(Nfs4.FILE_SYNC);
      assertThat(written.in.readLong()).isEqualTo(door.array.writeVerifier());
      Call4 call = inVolume().lookup("a").read(Stateid4.READ_BYPASS, 8192, 1 << 20);
      readBack(call.send(door.rpc), data);
      readBack(call.getattr(Attr4.SIZE).send(door.rpc), data);
    }
  }

  private static void readBack(Call4.Reply read, byte[] data) {
    assertThat(read.status).isEqualTo(Nfs4Status.OK);
    read.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.READ);
    assertThat(read.in.readInt()).isEqualTo(1);
    assertThat(read.opaque()).isEqualTo(data);
    if (read.count == 5) {
      read.done(Op4.GETATTR);
      assertThat(read.attributes(Attr4.SIZE).readLong()).isEqualTo(8192 + data.length);
    }
    assertThat(read.in.isReadable()).isFalse();
  }

  @Test
  void commitAnswersTheVerifierAndRefusesARangeThatOverflows() {
    door.file("a");
    Call4 commit = inVolume().lookup("a");
    commit.raw(Op4.COMMIT).writeLong(0).writeInt(0);
    Call4.Reply reply = commit.send(door.rpc);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.COMMIT);
    assertThat(reply.in.readLong()).isEqualTo(door.array.writeVerifier());
    Call4 beyond = inVolume().lookup("a");
    beyond.raw(Op4.COMMIT).writeLong(-2).writeInt(64);
    assertThat(statusOf(beyond)).isEqualTo(Nfs4Status.INVAL);
  }

  @Test
  void dataIsForRegularFilesAndKnownStateids() {
    door.file("a");
    assertThat(statusOf(inVolume().read(Stateid4.ANONYMOUS, 0, 1))).isEqualTo(Nfs4Status.ISDIR);
    assertThat(statusOf(Call4.of(0).root().read(Stateid4.ANONYMOUS, 0, 1)))
        .isEqualTo(Nfs4Status.ISDIR);
    assertThat(statusOf(inVolume().lookup("a").read(new Stateid4(1, 2, 3), 0, 1)))
        .isEqualTo(Nfs4Status.BAD_STATEID);
    assertThat(statusOf(inVolume().lookup("a").read(Stateid4.ANONYMOUS, -1L, 1)))
        .isIn(Nfs4Status.OK, Nfs4Status.INVAL);
  }
}
