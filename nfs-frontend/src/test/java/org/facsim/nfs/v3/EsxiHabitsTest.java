/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayOptions;
import org.facsim.array.StorageArray;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.nfs.MountProgram;
import org.facsim.nfs.retransmission.DuplicateRequestCache;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Exception;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.portmap.PortmapRegistry;
import org.facsim.protocol.rpc.CallCounts;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ESXi does to an NFSv3 server, call by call over the wire. */
class EsxiHabitsTest {
  private static final int LOCK_FILE_BYTES = 84;
  private static final Duration STALE_AFTER = Duration.ofSeconds(35);

  @Test
  void theDatastoreIsFoundThroughThePortMapperAndItsHandlesAreShortEnough() {
    try (Door door = new Door();
        RpcServer portmapper =
            Door.serve(
                new PortmapProgram(
                    new PortmapRegistry(
                        InetAddress.getLoopbackAddress(),
                        () ->
                            PortMapping.of(
                                List.<RpcProgram>of(
                                    new Nfs3Program(
                                        door.array, door.grants, door.holdings.delegations()),
                                    new MountProgram(door.exports, door.grants)),
                                PortMapping.TCP,
                                door.server.address().getPort()))));
        RpcClient query = connect(portmapper.address())) {
      assertThat(port(query, Mount.PROGRAM)).isEqualTo(door.server.address().getPort());
      int nfsPort = port(query, Nfs3.PROGRAM);
      try (RpcClient host =
          connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), nfsPort))) {
        Nfs3Handle root = Door.join(new Mount3Client(host).mount("/datastore1")).handle();
        Nfs3Handle file =
            Door.join(new Nfs3Client(host).create(root, "vm.vmx", new Create3.Guarded(Sattr3.NONE)))
                .handle();
        assertThat(root.lengthBytes()).isEqualTo(32);
        assertThat(file.lengthBytes()).isEqualTo(32);
      }
    }
  }

  private static RpcClient connect(InetSocketAddress server) {
    return RpcClient.connect(server, RpcClientOptions.defaults().withCredential(Door.ROOT)).join();
  }

  private static int port(RpcClient query, int program) {
    return Door.join(
        query.call(
            PortmapProgram.NUMBER,
            2,
            PortmapProgram.GETPORT,
            new PortMapping(program, 3, PortMapping.TCP, 0)::write,
            ByteBuf::readInt));
  }

  /** A host as far as locks go; the stamp it writes is that of the lock file's own mtime. */
  private static final class Host implements AutoCloseable {
    private final RpcClient rpc;
    private final Nfs3Client nfs;
    private final Door door;
    private final byte fill;

    Host(Door door, int number) {
      this.door = door;
      this.rpc = door.connect(Door.ROOT);
      this.nfs = new Nfs3Client(rpc);
      this.fill = (byte) number;
    }

    static String lockName(long fileId) {
      return ".lck-%016x".formatted(Long.reverseBytes(fileId));
    }

    /** False if somebody else holds it and is alive. */
    boolean lock(long fileId) {
      String name = lockName(fileId);
      Nfs3Handle lock;
      try {
        lock = create(name);
      } catch (Nfs3Exception e) {
        assertThat(e.status()).isEqualTo(Nfs3Status.EXIST);
        Nfs3Handle theirs = Door.join(nfs.lookup(door.root, name)).handle();
        Fattr3 attributes = Door.join(nfs.getAttributes(theirs)).attributes();
        assertThat(attributes.sizeBytes()).isEqualTo(LOCK_FILE_BYTES);
        long ageNanos = door.nowNanos.get() - attributes.modifyTimeNanos();
        if (ageNanos <= STALE_AFTER.toNanos()) {
          return false;
        }
        Door.join(nfs.remove(door.root, name));
        lock = create(name);
      }
      refresh(lock);
      return true;
    }

    private Nfs3Handle create(String name) {
      return Door.join(nfs.create(door.root, name, new Create3.Guarded(Sattr3.ofMode(0600))))
          .handle();
    }

    void refresh(long fileId) {
      refresh(Door.join(nfs.lookup(door.root, lockName(fileId))).handle());
    }

    private void refresh(Nfs3Handle lock) {
      byte[] bytes = new byte[LOCK_FILE_BYTES];
      Arrays.fill(bytes, fill);
      Write3.Ok ok =
          Door.join(nfs.write(lock, 0, Unpooled.wrappedBuffer(bytes), StableHow.FILE_SYNC));
      assertThat(ok.committed()).isEqualTo(StableHow.FILE_SYNC);
    }

    @Override
    public void close() {
      rpc.close();
    }
  }

  @Test
  void aLockIsHeldWhileItIsRefreshedAndTakenOverWhenItsHolderFellSilent() {
    try (Door door = new Door();
        Host first = new Host(door, 1);
        Host second = new Host(door, 2)) {
      Nfs3Handle disk =
          Door.join(door.client.create(door.root, "a-flat.vmdk", new Create3.Guarded(Sattr3.NONE)))
              .handle();
      long fileId = door.attributes(disk).fileId();
      assertThat(Host.lockName(0x0102030405060708L)).isEqualTo(".lck-0807060504030201");

      assertThat(first.lock(fileId)).isTrue();
      for (int beat = 0; beat < 6; beat++) {
        door.nowNanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(second.lock(fileId)).as("beat %d", beat).isFalse();
        first.refresh(fileId);
      }
      Nfs3Handle before = Door.join(door.client.lookup(door.root, Host.lockName(fileId))).handle();
      door.nowNanos.addAndGet(Duration.ofSeconds(34).toNanos());
      assertThat(second.lock(fileId)).isFalse();
      door.nowNanos.addAndGet(Duration.ofSeconds(2).toNanos());
      assertThat(second.lock(fileId)).as("silent for 36 s").isTrue();

      assertThat(first.lock(fileId)).as("it is the second host's now").isFalse();
      Nfs3Handle after = Door.join(door.client.lookup(door.root, Host.lockName(fileId))).handle();
      assertThat(after).as("another file").isNotEqualTo(before);
      assertThatThrownBy(() -> Door.join(door.client.getAttributes(before)))
          .isInstanceOfSatisfying(
              Nfs3Exception.class, e -> assertThat(e.status()).isEqualTo(Nfs3Status.STALE));
      byte[] bytes =
          Door.join(
              door.client.read(after, 0, LOCK_FILE_BYTES, ok -> ByteBufUtil.getBytes(ok.data())));
      assertThat(bytes).hasSize(LOCK_FILE_BYTES).containsOnly(2);
    }
  }

  @Test
  void eightConnectionsAreOneDatastore() {
    List<RpcClient> connections = new ArrayList<>();
    try (Door door = new Door()) {
      List<Nfs3Client> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        connections.add(door.connect(Door.ROOT));
        clients.add(new Nfs3Client(connections.get(i)));
      }
      Nfs3Handle file =
          Door.join(clients.get(0).create(door.root, "f", new Create3.Guarded(Sattr3.NONE)))
              .handle();
      List<CompletableFuture<Write3.Ok>> writes = new ArrayList<>();
      for (int i = 0; i < 800; i++) {
        ByteBuf data = Unpooled.buffer(4096).writeZero(4096).setInt(0, i);
        writes.add(clients.get(i % 8).write(file, i * 4096L, data, StableHow.UNSTABLE));
      }
      writes.forEach(Door::join);
      for (int i = 0; i < 800; i++) {
        int read =
            Door.join(
                clients
                    .get((i + 3) % 8)
                    .read(file, i * 4096L, 4, ok -> ok.data().getInt(ok.data().readerIndex())));
        assertThat(read).isEqualTo(i);
      }
      assertThat(door.attributes(file).sizeBytes()).isEqualTo(800 * 4096L);
      List<CallCounts> rows = door.server.statistics().read();
      assertThat(rows)
          .filteredOn(row -> row.procedure() == Write3.PROCEDURE)
          .as("all connections of a host are one client")
          .singleElement()
          .satisfies(row -> assertThat(row.calls()).isEqualTo(800));
    } finally {
      connections.forEach(RpcClient::close);
    }
  }

  @Test
  void theHeartbeatIsAGetattrOfTheRootThatNothingHoldsUp() {
    try (Door door = new Door();
        RpcClient host = door.connect(Door.ROOT)) {
      Fattr3 first = Door.join(new Nfs3Client(host).getAttributes(door.root)).attributes();
      for (int beat = 0; beat < 20; beat++) {
        door.nowNanos.addAndGet(Duration.ofSeconds(12).toNanos());
        assertThat(Door.join(new Nfs3Client(host).getAttributes(door.root)).attributes())
            .isEqualTo(first);
      }
    }
  }

  /** A durable array with its door. */
  private record Durable(StorageArray array, RpcServer server) implements AutoCloseable {
    static Durable start(Path directory, int port) {
      StorageArray array =
          ArrayEngine.open(new ArrayOptions(1L << 30, Clock.systemUTC(), 42), directory);
      if (array.volume("datastore1").isEmpty()) {
        array.createVolume("datastore1", Door.VOLUME_BYTES);
      }
      ExportTable exports = new ExportTable();
      exports.export(array.volume("datastore1").orElseThrow(), ExportOptions.DEFAULT);
      RpcServer server =
          RpcServer.start(
              RpcServerOptions.listeningOn(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                  .withEventLoops(1),
              List.of(
                  new DuplicateRequestCache(
                      new Nfs3Program(array, new Grants(array, exports), Door.idle().delegations()),
                      Nfs3Program.NOT_IDEMPOTENT,
                      DuplicateRequestCache.DEFAULT_BYTES),
                  new MountProgram(exports, new Grants(array, exports))));
      return new Durable(array, server);
    }

    @Override
    public void close() {
      server.close();
      array.close();
    }
  }

  /**
   * The rule of RFC 1813 section 4.8: what was written UNSTABLE is kept by the client until a
   * COMMIT answers the verifier that the WRITE did, and sent again if it does not.
   */
  @Test
  void afterARestartTheVerifierTellsThatUnstableDataMustBeSentAgain(@TempDir Path directory) {
    Nfs3Handle file;
    Write3.Ok written;
    byte[] data = new byte[64 << 10];
    new Random(5).nextBytes(data);
    int port;
    try (Durable before = Durable.start(directory, 0);
        RpcClient rpc = connect(before.server().address())) {
      port = before.server().address().getPort();
      Nfs3Client host = new Nfs3Client(rpc);
      Nfs3Handle root = Door.join(new Mount3Client(rpc).mount("/datastore1")).handle();
      file = Door.join(host.create(root, "f", new Create3.Guarded(Sattr3.NONE))).handle();
      written = Door.join(host.write(file, 0, Unpooled.wrappedBuffer(data), StableHow.UNSTABLE));
    }
    try (Durable after = Durable.start(directory, port);
        RpcClient rpc = connect(after.server().address())) {
      Nfs3Client host = new Nfs3Client(rpc);
      long verifier = Door.join(host.commit(file, 0, 0)).writeVerifier();
      assertThat(verifier).isNotEqualTo(written.writeVerifier());
      Write3.Ok again =
          Door.join(host.write(file, 0, Unpooled.wrappedBuffer(data), StableHow.UNSTABLE));
      assertThat(again.writeVerifier()).isEqualTo(verifier);
      assertThat(Door.join(host.commit(file, 0, 0)).writeVerifier()).isEqualTo(verifier);
      byte[] read =
          Door.join(host.read(file, 0, data.length, ok -> ByteBufUtil.getBytes(ok.data())));
      assertThat(read).isEqualTo(data);
    }
  }

  /** An array in memory loses its files with its data, so there is nothing to send again for. */
  @Test
  void anArrayInMemoryAnswersUnstableWritesAsStable() {
    try (Door door = new Door()) {
      Nfs3Handle file =
          Door.join(door.client.create(door.root, "f", new Create3.Guarded(Sattr3.NONE))).handle();
      Write3.Ok ok = Door.join(door.client.write(file, 0, Unpooled.copyInt(7), StableHow.UNSTABLE));
      assertThat(ok.committed()).isEqualTo(StableHow.FILE_SYNC);
      assertThat(Door.join(door.client.commit(file, 0, 0)).writeVerifier())
          .isEqualTo(ok.writeVerifier());
    }
  }
}
