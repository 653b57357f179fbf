/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.UnmapCall;
import org.facsim.protocol.vaai.UnmapGranularityCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * More than ten thousand malformed messages over a connection, to the VAAI program and to procedure
 * 22 of NFSv3: each is answered with an error, ends the connection or, if it says that it is a
 * reply, is ignored; none hangs, and none changes the array.
 */
class MalformedMessagesIT {
  private static final int AT_LEAST = 10_000;
  private static final int SUCCESS = 0;
  private static final int SYSTEM_ERR = 5;

  private FacsimArray array;
  private RawRpc rpc;
  private Volume volume;
  private Inode source;
  private Inode copy;
  private List<Object> state;
  private int refused;
  private int carriedOut;
  private long lastRequestId;

  @BeforeEach
  void start() throws IOException {
    array = FacsimArray.builder().nfsPort(0).volume("one", 1L << 30).start();
    rpc = new RawRpc(array.nfsAddress());
    volume = array.storage().volume("one").orElseThrow();
    source = make("source");
    volume
        .files()
        .write(
            Caller.ROOT, source, 0, ByteBuffer.allocate(3 * Volume.BLOCK_BYTES).put(0, (byte) 7));
    copy = make("copy");
    state = stateNow();
  }

  @AfterEach
  void stop() throws IOException {
    rpc.close();
    array.close();
  }

  private Inode make(String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(0644))
        .inode();
  }

  private List<Object> stateNow() {
    return List.of(
        volume.space(), volume.root().attributes(), source.attributes(), copy.attributes());
  }

  /** A good call, and whose it is. */
  private record Base(String name, int program, int procedure, Consumer<ByteBuf> arguments) {
    int version() {
      if (program == Nfs3.PROGRAM) {
        return Nfs3.VERSION;
      }
      return procedure < VaaiNas.PROC_UNMAP_GRANULARITY ? VaaiNas.VERSION : VaaiNas.VERSION_2;
    }

    byte[] record() {
      return Malformations.call(program, version(), procedure, 0, arguments);
    }
  }

  private static Base vaai(String name, int procedure, VaaiMessage arguments) {
    return new Base(name, VaaiNas.PROGRAM, procedure, arguments::encode);
  }

  private SessionId startSession() throws IOException {
    ByteBuf reply = accepted(vaaiStart().record());
    assertThat(reply.readInt()).isZero();
    return new SessionId(reply.readLong(), reply.readLong());
  }

  private static Base vaaiStart() {
    return vaai(
        "SESSION_START",
        VaaiNas.PROC_SESSION_START,
        new SessionStartCall(VaaiNas.PROTOCOL_VERSION, 3, "/one", "host", 10));
  }

  /** In a session of its own each, so that what a message ends is not missed by the next. */
  private List<Base> vaaiCalls() throws IOException {
    VaaiFile from = VaaiFile.byHandle(source.handle().toBytes());
    VaaiFile to = VaaiFile.byPath("copy");
    VaaiFile entry = VaaiFile.byEntry(volume.root().handle().toBytes(), "copy");
    List<Base> calls = new ArrayList<>();
    calls.add(vaaiStart());
    calls.add(vaai("SUPPORT", VaaiNas.PROC_SUPPORT, new SupportCall(startSession(), 1)));
    for (VaaiFile destination : List.of(to, entry)) {
      calls.add(
          vaai(
              "CLONE",
              VaaiNas.PROC_CLONE,
              CloneCall.within(startSession(), ++lastRequestId, from, destination, 0)));
    }
    SessionId second = startSession();
    calls.add(
        vaai(
            "CLONE of another session",
            VaaiNas.PROC_CLONE,
            new CloneCall(
                startSession(),
                ++lastRequestId,
                CloneFlags.OTHER_VOLUME,
                Optional.of(second),
                from,
                to)));
    calls.add(vaai("STATUS in vain", VaaiNas.PROC_CLONE_STATUS, new JobCall(startSession(), 1)));
    calls.add(vaai("ABORT in vain", VaaiNas.PROC_CLONE_ABORT, new JobCall(startSession(), 1)));
    calls.add(
        vaai(
            "RESERVE",
            VaaiNas.PROC_RESERVE,
            new ReserveCall(startSession(), ++lastRequestId, to, ReserveMode.LAZY_ZEROED, 8192)));
    calls.add(vaai("STATX", VaaiNas.PROC_STATX, new StatxCall(startSession(), from)));
    calls.add(
        vaai(
            "UNMAP_GRANULARITY",
            VaaiNas.PROC_UNMAP_GRANULARITY,
            new UnmapGranularityCall(startSession(), from)));
    calls.add(
        vaai(
            "UNMAP",
            VaaiNas.PROC_UNMAP,
            new UnmapCall(
                startSession(),
                ++lastRequestId,
                to,
                List.of(new VaaiRange(0, 4096), new VaaiRange(1, 1)))));
    calls.add(
        vaai("SESSION_END in vain", VaaiNas.PROC_SESSION_END, new SessionEndCall(startSession())));
    return calls;
  }

  private List<Base> openSdsCalls() {
    List<Base> calls = new ArrayList<>();
    for (OpenSdsCommand command : OpenSdsCommand.values()) {
      boolean clone = command == OpenSdsCommand.CLONE;
      OpenSdsRequest request = clone ? OpenSdsRequest.clone(0, "copy") : OpenSdsRequest.of(command);
      OpenSdsCall call =
          new OpenSdsCall(
              handleOf(copy),
              clone ? Optional.of(handleOf(source)) : Optional.empty(),
              request.toBlock());
      calls.add(new Base(command.toString(), Nfs3.PROGRAM, OpenSds.PROCEDURE, call::encode));
    }
    return calls;
  }

  private static Nfs3Handle handleOf(Inode inode) {
    return Nfs3Handle.of(inode.handle().toBytes());
  }

  @Test
  void tenThousandMalformedMessagesAreRefusedAndChangeNothing() throws IOException {
    for (Base base : vaaiCalls()) {
      send(base);
    }
    int vaaiRefused = refused;
    for (Base base : openSdsCalls()) {
      send(base);
    }
    assertThat(vaaiRefused).as("by the VAAI program").isGreaterThan(AT_LEAST / 4);
    assertThat(refused - vaaiRefused).as("by procedure 22").isGreaterThan(AT_LEAST / 4);
    assertThat(refused)
        .as("%d carried out, for they were valid", carriedOut)
        .isGreaterThan(AT_LEAST);
    assertThat(startSession()).as("a good call afterwards").isNotNull();
  }

  private void send(Base base) throws IOException {
    if (!base.name().endsWith(" in vain")) {
      Malformations.Message good = new Malformations.Message(base.name(), base.record());
      assertThat(isOk(good, rpc.exchange(good.record().toBytes()).orElseThrow()))
          .as("%s as it is", base)
          .isTrue();
      state = stateNow();
    }
    List<Malformations.Message> messages =
        Stream.concat(
                Malformations.of(base.name(), base.record()),
                Malformations.credentials(
                    base.name(),
                    base.program(),
                    base.version(),
                    base.procedure(),
                    base.arguments()))
            .toList();
    for (Malformations.Message message : messages) {
      send(message);
    }
  }

  private void send(Malformations.Message message) throws IOException {
    if (saysThatItIsAReply(message.record())) {
      rpc.send(message.record().toBytes()); // to no call: ignored, and the next call is answered
      refused++;
      return;
    }
    Optional<ByteBuf> reply = rpc.exchange(message.record().toBytes());
    if (reply.isPresent() && isOk(message, reply.get())) {
      // Another xid, another reserved word: not every change spoils a message.
      carriedOut++;
      state = stateNow();
      return;
    }
    refused++;
    assertThat(stateNow()).as("%s changed the array", message.what()).isEqualTo(state);
  }

  private static boolean saysThatItIsAReply(Opaque record) {
    ByteBuffer bytes = record.asByteBuffer();
    return bytes.remaining() >= 8 && bytes.getInt(4) == 1;
  }

  /** Whether a reply is that of a call that was carried out; fails if it shows a defect. */
  private static boolean isOk(Malformations.Message message, ByteBuf reply) {
    reply.skipBytes(4);
    assertThat(reply.readInt()).as("%s: a reply", message.what()).isEqualTo(1);
    if (reply.readInt() != 0) {
      return false;
    }
    reply.skipBytes(8);
    int acceptStatus = reply.readInt();
    assertThat(acceptStatus).as("%s", message.what()).isNotEqualTo(SYSTEM_ERR);
    return acceptStatus == SUCCESS && (!reply.isReadable() || reply.readInt() == 0);
  }

  private ByteBuf accepted(byte[] record) throws IOException {
    ByteBuf reply = rpc.exchange(record).orElseThrow();
    reply.skipBytes(20);
    assertThat(reply.readInt()).isEqualTo(SUCCESS);
    return reply;
  }
}
