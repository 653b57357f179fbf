/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.WriteRoom;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.nfs.v3.Nfs3Program;
import org.facsim.nfs.v4.attributes.AttributeEncoder;
import org.facsim.nfs.v4.attributes.AttributeOperations;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.nfs.v4.data.DataOperations;
import org.facsim.nfs.v4.names.NameOperations;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.EmbeddedServer;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.calls.Calls;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.state.Holdings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Large WRITEs of both versions over a socket that is cut anywhere, whose data is received where
 * the array keeps it. Whatever happens, each room is written or given back.
 */
class BulkWriteTest {
  private static final int FILE_BYTES = 6 << 20;
  private static final int BLOCK_BYTES = 4096;
  private static final Stateid4 ANONYMOUS = new Stateid4(0, 0, 0);
  private static final ExportOptions ALL =
      ExportOptions.DEFAULT.withVersions(EnumSet.allOf(NfsVersion.class));

  // of both versions
  private static final int OK = 0;
  private static final int ACCES = 13;
  private static final int INVAL = 22;
  private static final int NOSPC = 28;
  private static final int ROFS = 30;
  private static final int STALE = 70;
  private static final int BADHANDLE = 10001;

  private final List<WriteRoom> rooms = new CopyOnWriteArrayList<>();
  private final StorageArray engine =
      ArrayEngine.ephemeral(
          new ArrayOptions(1L << 30, () -> Instant.ofEpochSecond(1_700_000_000), 42));
  private final StorageArray array = watched(engine);
  private final Volume volume = array.createVolume("datastore1", 64L << 20);
  private final ExportTable exports = new ExportTable();
  private final Holdings holdings = new Holdings((delay, task) -> {});
  private final OffloadEngine offload = TestOffload.of(array, holdings);
  private RpcServer server = start(options -> options);
  private final Inode file = file("a");

  /** The array, with a list of the rooms that it gave. */
  private StorageArray watched(StorageArray behind) {
    return (StorageArray)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {StorageArray.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(behind, arguments);
                if (result instanceof WriteRoom room) {
                  rooms.add(room);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private RpcServer start(UnaryOperator<RpcServerOptions> changes) {
    exports.export(volume, ALL);
    Grants grants = new Grants(array, exports);
    OperationTable operations = new OperationTable();
    AttributeEncoder encoder = new AttributeEncoder(new AttributeTable(90));
    AttributeOperations.addTo(operations, encoder);
    NameOperations.addTo(operations, encoder);
    DataOperations.addTo(operations);
    Nfs4Parts parts =
        new Nfs4Parts(
            array,
            exports,
            grants,
            holdings.delegations(),
            offload.explanations().transfers(),
            offload,
            new Calls(),
            1);
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return RpcServer.start(
        changes.apply(RpcServerOptions.listeningOn(loopback).withEventLoops(1)),
        List.of(
            new Nfs3Program(array, grants, holdings.delegations()),
            new Nfs4Program(parts, operations, Stateids.NONE, array)));
  }

  private Inode file(String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(0600))
        .inode();
  }

  @AfterEach
  void nothingIsLeft() {
    await(() -> server.heldBytes() == 0);
    server.close();
    assertThat(openRooms()).isZero();
    offload.close();
    engine.close();
  }

  private long openRooms() {
    return rooms.stream().filter(WriteRoom::isOpen).count();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** A socket that sends calls in pieces. */
  private final class Wire implements AutoCloseable {
    final Socket socket;
    private final DataInputStream in;

    Wire() throws IOException {
      socket = new Socket(server.address().getAddress(), server.address().getPort());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(20_000);
      in = new DataInputStream(socket.getInputStream());
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    void sendCut(byte[] bytes, Random random, int most) throws IOException {
      for (int at = 0; at < bytes.length; ) {
        int piece = Math.min(1 + random.nextInt(most), bytes.length - at);
        socket.getOutputStream().write(bytes, at, piece);
        at += piece;
      }
    }

    /** The first word of the results of the next answer. */
    int status() throws IOException {
      byte[] bytes = new byte[in.readInt() & Integer.MAX_VALUE];
      in.readFully(bytes);
      ByteBuf answer = Unpooled.wrappedBuffer(bytes);
      assertThat(EmbeddedServer.acceptStatus(answer)).isZero();
      return answer.readInt();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static byte[] marked(ByteBuf... fragments) {
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < fragments.length; i++) {
      int last = i == fragments.length - 1 ? 0x8000_0000 : 0;
      all.writeInt(last | fragments[i].readableBytes()).writeBytes(fragments[i]);
    }
    return ByteBufUtil.getBytes(all);
  }

  private static byte[] handleOf(Inode inode) {
    byte[] handle = new byte[32];
    inode.handle().writeTo(ByteBuffer.wrap(handle));
    return handle;
  }

  /** WRITE of version 3 or 4, by a user. */
  private static ByteBuf write(
      int version, byte[] handle, long user, long offset, int count, byte[] data) {
    if (version == 4) {
      Call4 call =
          Call4.of(0).handle(handle).write(ANONYMOUS, offset, Nfs4.UNSTABLE, data).getattr(1, 4);
      return EmbeddedServer.call(7, Nfs4.PROGRAM, 4, Nfs4.COMPOUND, user, call::encode);
    }
    return EmbeddedServer.call(
        7,
        Nfs3.PROGRAM,
        3,
        7,
        user,
        out -> {
          Xdr.writeOpaque(out, handle);
          out.writeLong(offset).writeInt(count).writeInt(0);
          Xdr.writeOpaque(out, data);
        });
  }

  private byte[] write(int version, long offset, byte[] data) {
    return marked(write(version, handleOf(file), 0, offset, data.length, data));
  }

  private static byte[] data(Random random, int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    return data;
  }

  private void assertContents(byte[] expected) {
    byte[] found = new byte[expected.length];
    for (int at = 0; at < found.length; ) {
      ByteBuffer part = ByteBuffer.wrap(found, at, Math.min(1 << 20, found.length - at));
      volume.files().read(Caller.ROOT, file, at, part);
      assertThat(part.position()).isGreaterThan(at);
      at = part.position();
    }
    assertThat(Arrays.mismatch(found, expected)).isEqualTo(-1);
    assertThat(file.attributes().sizeBytes()).isEqualTo(expected.length);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void callsCutAnywhereDoWhatWholeOnesDo(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] model = data(random, FILE_BYTES);
    try (Wire wire = new Wire()) {
      for (int at = 0; at < FILE_BYTES; at += 1 << 20) {
        wire.send(write(3, at, Arrays.copyOfRange(model, at, at + (1 << 20))));
        assertThat(wire.status()).isZero();
      }
      for (int round = 0; round < 12; round++) {
        ByteBuf stream = Unpooled.buffer();
        int calls = 1 + random.nextInt(6);
        for (int i = 0; i < calls; i++) {
          stream.writeBytes(nextCall(random, model));
        }
        int most = round % 3 == 0 ? 300_000 : round % 3 == 1 ? 70_000 : 5_000;
        wire.sendCut(ByteBufUtil.getBytes(stream), random, most);
        for (int i = 0; i < calls; i++) {
          assertThat(wire.status()).isZero();
        }
      }
    }
    assertContents(model);
    assertThat(rooms).isNotEmpty();
    assertThat(openRooms()).isZero();
  }

  /** A call that succeeds, and that the model has seen. */
  private byte[] nextCall(Random random, byte[] model) {
    int version = random.nextBoolean() ? 3 : 4;
    if (random.nextInt(5) == 0) {
      return marked(
          EmbeddedServer.call(
              9, Nfs3.PROGRAM, 3, 1, 0, out -> Xdr.writeOpaque(out, handleOf(file))));
    }
    boolean isAligned = random.nextInt(4) > 0;
    int bytes =
        isAligned ? BLOCK_BYTES * (1 + random.nextInt(256)) : 1 + random.nextInt((1 << 20) - 1);
    int offset = random.nextInt(FILE_BYTES - bytes + 1);
    if (isAligned) {
      offset -= offset % BLOCK_BYTES;
    }
    byte[] data = data(random, bytes);
    for (int at = 0; at + BLOCK_BYTES <= bytes; at += BLOCK_BYTES) {
      if (random.nextInt(8) == 0) {
        Arrays.fill(data, at, at + BLOCK_BYTES, (byte) random.nextInt(2));
      }
    }
    System.arraycopy(data, 0, model, offset, bytes);
    ByteBuf record = write(version, handleOf(file), 0, offset, bytes, data);
    if (random.nextInt(6) == 0) {
      return marked(record.readSlice(random.nextInt(record.readableBytes())), record);
    }
    return marked(record);
  }

  /** Sends it in two pieces, so that its data has a place before it is complete. */
  private int statusOf(byte[] call) throws Exception {
    try (Wire wire = new Wire()) {
      int before = rooms.size();
      wire.send(Arrays.copyOf(call, 20_000));
      await(() -> rooms.size() > before);
      wire.send(Arrays.copyOfRange(call, 20_000, call.length));
      return wire.status();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aRefusedWriteGivesItsRoomBackAndChangesNothing(int version) throws Exception {
    Random random = new Random(7);
    byte[] before = data(random, 1 << 20);
    byte[] data = data(random, 1 << 20);
    byte[] handle = handleOf(file);
    assertThat(statusOf(write(version, 0, before))).isEqualTo(OK);

    assertThat(statusOf(marked(write(version, handle, 1000, 0, data.length, data))))
        .isEqualTo(ACCES);
    byte[] unknown = handle.clone();
    unknown[9] ^= 1;
    assertThat(statusOf(marked(write(version, unknown, 0, 0, data.length, data))))
        .isEqualTo(BADHANDLE);
    byte[] gone = handleOf(file("gone"));
    volume.names().remove(Caller.ROOT, volume.root(), Name.of("gone"));
    assertThat(statusOf(marked(write(version, gone, 0, 0, data.length, data)))).isEqualTo(STALE);
    exports.export(volume, ALL.withReadOnly(true));
    assertThat(statusOf(write(version, 0, data))).isEqualTo(ROFS);
    exports.export(volume, ALL);
    assertContents(before);
    assertThat(openRooms()).isZero();

    assertThat(statusOf(write(version, 0, data))).isEqualTo(OK);
    assertContents(data);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aFullVolumeTakesAllOfAWriteOrNothing(int version) throws Exception {
    array.resizeVolume(volume, 3 << 20);
    byte[] data = data(new Random(8), 1 << 20);
    int count = 0;
    int status = OK;
    while (status == OK) {
      status = statusOf(write(version, (long) count << 20, data));
      count += status == OK ? 1 : 0;
    }
    assertThat(status).isEqualTo(NOSPC);
    assertThat(count).isBetween(1, 3);
    assertThat(file.attributes().sizeBytes()).isEqualTo((long) count << 20);
    assertThat(openRooms()).isZero();
    assertThat(statusOf(write(version, 0, data))).isEqualTo(OK);
  }

  @Test
  void aCountThatIsNotThatOfTheDataIsRefusedAndHasNoRoom() throws Exception {
    byte[] data = data(new Random(9), 1 << 20);
    try (Wire wire = new Wire()) {
      wire.sendCut(
          marked(write(3, handleOf(file), 0, 0, data.length - 4096, data)), new Random(9), 9000);
      assertThat(wire.status()).isEqualTo(INVAL);
    }
    assertThat(rooms).isEmpty();
  }

  @Test
  void aClientThatLeavesInTheMiddleLeavesNothing() throws Exception {
    Random random = new Random(10);
    for (int i = 0; i < 40; i++) {
      byte[] call = write(i % 2 + 3, 0, data(random, 1 << 20));
      try (Wire wire = new Wire()) {
        wire.sendCut(Arrays.copyOf(call, 200 + random.nextInt(call.length - 200)), random, 90_000);
        if (i % 3 == 0) {
          wire.socket.setSoLinger(true, 0);
        }
      }
    }
    await(() -> server.connectionCount() == 0);
    assertThat(rooms).isNotEmpty();
    assertThat(openRooms()).isZero();
    assertThat(file.attributes().sizeBytes()).isZero();
  }

  @Test
  void aServerThatStopsGivesRoomsBack() throws Exception {
    byte[] call = write(3, 0, data(new Random(11), 1 << 20));
    try (Wire wire = new Wire()) {
      wire.send(Arrays.copyOf(call, 500_000));
      await(() -> openRooms() == 1);
      server.close();
      assertThat(openRooms()).isZero();
    }
  }

  @Test
  void roomsOfSlowSendersAreBoundedLikeOtherReceivedMemory() throws Exception {
    server.close();
    server = start(options -> options.withMaxMemoryBytes(4 << 20));
    byte[] call = write(3, 0, data(new Random(12), 1 << 20));
    List<Wire> wires = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Wire wire = new Wire();
      wires.add(wire);
      sendUnlessClosed(wire, Arrays.copyOf(call, 20_000)); // a head and little more
    }
    for (int i = 0; i < 3; i++) {
      try (Wire bystander = new Wire()) {
        bystander.send(call);
        assertThat(bystander.status()).isEqualTo(OK);
      }
    }
    assertThat(rooms).isNotEmpty();
    assertThat(openRooms()).isLessThanOrEqualTo(6);
    assertThat(server.heldBytes()).isLessThan(8 << 20);
    for (Wire wire : wires) {
      wire.close();
    }
    await(() -> server.connectionCount() == 0);
    assertThat(openRooms()).isZero();
  }

  private static void sendUnlessClosed(Wire wire, byte[] bytes) {
    try {
      wire.send(bytes);
    } catch (IOException e) {
      // closed in the middle of it
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aRetransmissionWritesTheSameOnceMore(int version) throws Exception {
    byte[] data = data(new Random(13), 1 << 18);
    byte[] call = write(version, 0, data);
    assertThat(statusOf(call)).isEqualTo(OK);
    assertThat(statusOf(call)).isEqualTo(OK);
    assertContents(data);
    long used = array.physicalUsedBytes();
    assertThat(statusOf(call)).isEqualTo(OK);
    array.awaitReclaim();
    assertThat(array.physicalUsedBytes()).isEqualTo(used);
  }
}
