/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.protocol.nfs3.Access3;
import org.facsim.protocol.nfs3.Commit3;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.DirOpArgs3;
import org.facsim.protocol.nfs3.FileType3;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Link3;
import org.facsim.protocol.nfs3.Lookup3;
import org.facsim.protocol.nfs3.MkDir3;
import org.facsim.protocol.nfs3.MkNod3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Exception;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.ObjectArgs3;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.ReadDir3;
import org.facsim.protocol.nfs3.ReadDirPlus3;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.SetAttr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.SymLink3;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.access.Squash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every procedure does with malformed arguments, foreign handles and export terms. */
class RefusalsTest {
  private static final Credential USER =
      new Credential.Sys(1, "tester", 1000, 1000, List.of(1000L));

  /** A well-formed call of every procedure; all would succeed or fail harmlessly. */
  private record Call(int procedure, boolean changes, Consumer<ByteBuf> arguments) {}

  private static List<Call> calls(Nfs3Handle directory, Nfs3Handle file) {
    Name3 name = Name3.of("new");
    Name3 old = Name3.of("f");
    List<Call> calls = new ArrayList<>();
    calls.add(new Call(1, false, new GetAttr3.Args(file)::encode));
    calls.add(new Call(2, true, new SetAttr3.Args(file, Sattr3.ofSize(9), null)::encode));
    calls.add(new Call(3, false, new Lookup3.Args(directory, old)::encode));
    calls.add(new Call(4, false, new Access3.Args(file, 0x3f)::encode));
    calls.add(new Call(5, false, new ObjectArgs3(file)::encode));
    calls.add(new Call(6, false, new Read3.Args(file, 0, 100)::encode));
    Write3.Args write =
        new Write3.Args(file, 0, 4, StableHow.FILE_SYNC, Unpooled.copyInt(0x01020304));
    calls.add(new Call(7, true, write::encode));
    Create3.Args create = new Create3.Args(directory, name, new Create3.Guarded(Sattr3.NONE));
    calls.add(new Call(8, true, create::encode));
    calls.add(new Call(9, true, new MkDir3.Args(directory, name, Sattr3.NONE)::encode));
    SymLink3.Args symlink = new SymLink3.Args(directory, name, Sattr3.NONE, Name3.of("x"));
    calls.add(new Call(10, true, symlink::encode));
    MkNod3.What fifo = new MkNod3.What(FileType3.FIFO, Sattr3.NONE, 0, 0);
    calls.add(new Call(11, true, new MkNod3.Args(directory, name, fifo)::encode));
    calls.add(new Call(12, true, new DirOpArgs3(directory, old)::encode));
    calls.add(new Call(13, true, new DirOpArgs3(directory, old)::encode));
    calls.add(new Call(14, true, new Rename3.Args(directory, old, directory, name)::encode));
    calls.add(new Call(15, true, new Link3.Args(file, directory, name)::encode));
    calls.add(new Call(16, false, new ReadDir3.Args(directory, 0, 0, 4096)::encode));
    calls.add(new Call(17, false, new ReadDirPlus3.Args(directory, 0, 0, 512, 4096)::encode));
    calls.add(new Call(18, false, new ObjectArgs3(file)::encode));
    calls.add(new Call(19, false, new ObjectArgs3(file)::encode));
    calls.add(new Call(20, false, new ObjectArgs3(file)::encode));
    calls.add(new Call(21, false, new Commit3.Args(file, 0, 0)::encode));
    return calls;
  }

  private static Nfs3Handle file(Door door) {
    return Door.join(door.client.create(door.root, "f", new Create3.Guarded(Sattr3.ofMode(0644))))
        .handle();
  }

  private static int status(byte[] reply) {
    return Unpooled.wrappedBuffer(reply).readInt();
  }

  @Test
  void everyTruncatedArgumentIsGarbageAndChangesNothing() {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door);
      String picture = door.picture();
      for (Call call : calls(door.root, file)) {
        ByteBuf whole = Unpooled.buffer();
        call.arguments().accept(whole);
        for (int cutBytes = 0; cutBytes < whole.readableBytes(); cutBytes += 4) {
          ByteBuf cut = whole.slice(0, cutBytes);
          assertThatThrownBy(
                  () ->
                      door.call(
                          call.procedure(), out -> out.writeBytes(cut, 0, cut.readableBytes())))
              .as("procedure %d cut to %d bytes", call.procedure(), cutBytes)
              .isInstanceOfSatisfying(
                  RpcException.class,
                  e -> assertThat(e.failure()).isEqualTo(RpcFailure.GARBAGE_ARGUMENTS));
        }
      }
      assertThat(door.picture()).isEqualTo(picture);
      assertThat(door.rpc.isOpen()).isTrue();
    }
  }

  @Test
  void absurdLengthsAndEnumerationsAreGarbageAndChangeNothing() {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door);
      String picture = door.picture();
      for (Call call : calls(door.root, file)) {
        ByteBuf whole = Unpooled.buffer();
        call.arguments().accept(whole);
        whole.setInt(0, 0xffff_fff0); // the length of the first handle
        assertGarbage(door, call.procedure(), whole);
      }
      ByteBuf write = Unpooled.buffer();
      calls(door.root, file).get(6).arguments().accept(write);
      assertGarbage(door, 7, write.copy().setInt(36 + 8 + 4, 3)); // stable_how
      assertGarbage(door, 7, write.copy().setInt(36 + 8 + 4 + 4, (1 << 20) + 1)); // data length
      ByteBuf create = Unpooled.buffer();
      calls(door.root, file).get(7).arguments().accept(create);
      assertGarbage(door, 8, create.copy().setInt(36 + 8, 3)); // createmode3
      assertGarbage(door, 8, create.copy().setInt(36 + 8 + 4, 2)); // a boolean
      assertThat(door.picture()).isEqualTo(picture);
    }
  }

  private static void assertGarbage(Door door, int procedure, ByteBuf arguments) {
    assertThatThrownBy(() -> door.call(procedure, out -> out.writeBytes(arguments)))
        .as("procedure %d", procedure)
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> assertThat(e.failure()).isEqualTo(RpcFailure.GARBAGE_ARGUMENTS));
  }

  @Test
  void procedureTwentyTwoIsUnavailable() {
    try (Door door = new Door()) {
      assertThatThrownBy(() -> door.call(22, out -> {}))
          .isInstanceOfSatisfying(
              RpcException.class,
              e -> assertThat(e.failure()).isEqualTo(RpcFailure.PROCEDURE_UNAVAILABLE));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void randomDamageNeverBreaksTheServer(long seed) {
    Random random = new Random(seed);
    try (Door door = new Door()) {
      Nfs3Handle file = file(door);
      for (int round = 0; round < 1500; round++) {
        Call call = calls(door.root, file).get(random.nextInt(21));
        ByteBuf bytes = Unpooled.buffer();
        call.arguments().accept(bytes);
        for (int hits = random.nextInt(3); hits >= 0; hits--) {
          bytes.setByte(random.nextInt(bytes.readableBytes()), random.nextInt(256));
        }
        String what =
            "seed "
                + seed
                + " round "
                + round
                + " procedure "
                + call.procedure()
                + " "
                + HexFormat.of().formatHex(bytes.array(), 0, bytes.readableBytes());
        try {
          assertThat(door.call(call.procedure(), out -> out.writeBytes(bytes))).isNotNull();
        } catch (RpcException e) {
          assertThat(e.failure()).as(what).isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
        }
      }
      assertThat(door.call(Nfs3.NULL, out -> {})).isEmpty();
    }
  }

  @Test
  void foreignHandlesAreBadAndRemovedOnesStaleInEveryProcedure() {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door);
      byte[] forged = file.toBytes();
      forged[31] ^= 1;
      Nfs3Handle gone = Door.join(door.client.mkdir(door.root, "gone", Sattr3.NONE)).handle();
      Door.join(door.client.rmdir(door.root, "gone"));
      String picture = door.picture();
      for (Nfs3Handle bad :
          List.of(Nfs3Handle.of(forged), Nfs3Handle.of(new byte[0]), Nfs3Handle.of(new byte[64]))) {
        for (Call call : calls(bad, bad)) {
          assertThat(status(door.call(call.procedure(), call.arguments())))
              .as("procedure %d", call.procedure())
              .isEqualTo(Nfs3Status.BADHANDLE.code());
        }
      }
      for (Call call : calls(gone, gone)) {
        assertThat(status(door.call(call.procedure(), call.arguments())))
            .as("procedure %d", call.procedure())
            .isEqualTo(Nfs3Status.STALE.code());
      }
      assertThat(door.picture()).isEqualTo(picture);
    }
  }

  @Test
  void aReadOnlyExportRefusesEveryChangeAndNothingElse() {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door);
      Door.join(door.client.read(file, 0, 1, ok -> ok.countBytes())); // moves the access time
      String picture = door.picture();
      door.exports.export(door.volume, ExportOptions.DEFAULT.withReadOnly(true));
      for (Call call : calls(door.root, file)) {
        int status = status(door.call(call.procedure(), call.arguments()));
        if (call.changes()) {
          assertThat(status).as("procedure %d", call.procedure()).isEqualTo(Nfs3Status.ROFS.code());
        } else {
          assertThat(status)
              .as("procedure %d", call.procedure())
              .isNotEqualTo(Nfs3Status.ROFS.code());
        }
      }
      Door.assertReply(
          door.call(Write3.PROCEDURE, calls(door.root, file).get(6).arguments()),
          new Write3.Fail(Nfs3Status.ROFS, door.afterOnly(file)));
      assertThat(Door.join(door.client.access(file, 0x3f)).granted()).isEqualTo(Nfs3.ACCESS_READ);
      door.exports.export(door.volume, ExportOptions.DEFAULT);
      assertThat(door.picture()).isEqualTo(picture);
    }
  }

  @Test
  void termsHoldForEveryCallNotOnlyAtMount() {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door);
      List<List<ExportRule>> excluding =
          List.of(
              ExportSyntax.parseRules("10.0.0.0/8"),
              ExportSyntax.parseRules("*(secure)"),
              List.of(
                  ExportRule.forEveryone(
                      ExportOptions.DEFAULT.withVersions(EnumSet.of(NfsVersion.V4_1)))),
              ExportSyntax.parseRules("* 127.0.0.1(secure)"));
      String picture = door.picture();
      for (List<ExportRule> rules : excluding) {
        door.exports.export(door.volume, rules);
        for (Call call : calls(door.root, file)) {
          byte[] reply = door.call(call.procedure(), call.arguments());
          assertThat(status(reply))
              .as("procedure %d, %s", call.procedure(), rules)
              .isEqualTo(Nfs3Status.ACCES.code());
          assertThat(reply.length).as("no attributes leak").isLessThanOrEqualTo(20);
        }
      }
      door.exports.withdraw(door.volume);
      for (Call call : calls(door.root, file)) {
        assertThat(status(door.call(call.procedure(), call.arguments())))
            .isEqualTo(Nfs3Status.STALE.code());
      }
      door.exports.export(door.volume, ExportSyntax.parseRules("127.0.0.0/8"));
      assertThat(door.picture()).isEqualTo(picture);
      Door.join(door.client.getAttributes(file));
    }
  }

  @Test
  void theNarrowestRuleDecidesCallByCall() {
    try (Door door = new Door()) {
      Nfs3Handle file = file(door);
      Call write = calls(door.root, file).get(6);
      door.exports.export(door.volume, ExportSyntax.parseRules("*(rw) 127.0.0.0/8(ro)"));
      assertThat(status(door.call(7, write.arguments()))).isEqualTo(Nfs3Status.ROFS.code());
      door.exports.export(
          door.volume, ExportSyntax.parseRules("*(ro) 127.0.0.0/8(ro) 127.0.0.1(rw)"));
      assertThat(status(door.call(7, write.arguments()))).isZero();
      door.exports.export(door.volume, ExportSyntax.parseRules("*(rw,all_squash,anonuid=7)"));
      assertThat(status(door.call(7, write.arguments()))).isEqualTo(Nfs3Status.ACCES.code());
      door.array.deleteVolume(door.volume);
      assertThat(status(door.call(7, write.arguments()))).isEqualTo(Nfs3Status.STALE.code());
    }
  }

  @Test
  void rootIsSquashedWhereTheExportSaysSo() {
    try (Door door = new Door(ExportOptions.DEFAULT.withSquash(Squash.ROOT))) {
      assertThatThrownBy(() -> file(door))
          .isInstanceOfSatisfying(
              Nfs3Exception.class, e -> assertThat(e.status()).isEqualTo(Nfs3Status.ACCES));
      door.exports.export(door.volume, ExportOptions.DEFAULT);
      Door.join(door.client.setAttributes(door.root, Sattr3.ofMode(0777)));
      door.exports.export(door.volume, ExportOptions.DEFAULT.withSquash(Squash.ROOT));
      assertThat(door.attributes(file(door)).uid()).isEqualTo(ExportOptions.NOBODY);
    }
  }

  @Test
  void ordinaryUsersAreThemselvesAndNobodyIsAnonymous() {
    try (Door door = new Door();
        RpcClient asUser = door.connect(USER);
        RpcClient asNobody = door.connect(new Credential.None())) {
      Door.join(door.client.setAttributes(door.root, Sattr3.ofMode(0777)));
      Nfs3Client user = new Nfs3Client(asUser);
      Nfs3Handle mine =
          Door.join(user.create(door.root, "mine", new Create3.Guarded(Sattr3.ofMode(0600))))
              .handle();
      assertThat(door.attributes(mine).uid()).isEqualTo(1000);
      Nfs3Client nobody = new Nfs3Client(asNobody);
      assertThatThrownBy(() -> Door.join(nobody.read(mine, 0, 10, ok -> ok.countBytes())))
          .isInstanceOfSatisfying(
              Nfs3Exception.class, e -> assertThat(e.status()).isEqualTo(Nfs3Status.ACCES));
      Door.join(nobody.create(door.root, "theirs", new Create3.Guarded(Sattr3.NONE)));
      assertThat(Door.join(nobody.lookup(door.root, "theirs")).attributes().uid())
          .isEqualTo(ExportOptions.NOBODY);
    }
  }

  @ParameterizedTest
  @EnumSource(ArrayError.class)
  void everyErrorOfTheArrayHasAStatus(ArrayError error) {
    assertThat(Errors3.statusOf(error)).isNotNull().isNotEqualTo(Nfs3Status.OK);
  }
}
