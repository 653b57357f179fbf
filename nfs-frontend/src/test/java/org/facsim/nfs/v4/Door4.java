/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayOptions;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.nfs.v4.attributes.AttributeEncoder;
import org.facsim.nfs.v4.attributes.AttributeOperations;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.nfs.v4.data.DataOperations;
import org.facsim.nfs.v4.names.NameOperations;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.calls.Calls;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.state.Holdings;

/**
 * An array in memory with one exported volume, behind the operations of NFSv4 that need neither
 * session nor open, on a free loopback port.
 */
final class Door4 implements AutoCloseable {
  static final Credential ROOT = new Credential.Sys(1, "tester", 0, 0, List.of());
  static final int LEASE_SECONDS = 90;
  static final String VOLUME = "datastore1";
  static final ExportOptions ALL_VERSIONS =
      ExportOptions.DEFAULT.withVersions(EnumSet.allOf(NfsVersion.class));

  private static final long START_NANOS = 1_700_000_000_000_000_000L;

  final AtomicLong nowNanos = new AtomicLong(START_NANOS);
  final StorageArray array =
      ArrayEngine.ephemeral(
          new ArrayOptions(
              1L << 30, () -> Instant.ofEpochSecond(0, nowNanos.addAndGet(1_000)), 42));
  final Volume volume = array.createVolume(VOLUME, 64L << 20);
  final ExportTable exports = new ExportTable();
  final AttributeTable attributes = new AttributeTable(LEASE_SECONDS);
  final OperationTable operations = new OperationTable();

  /** What is to be run later, with its delay; nothing runs by itself. */
  final List<Map.Entry<Duration, Runnable>> later = new CopyOnWriteArrayList<>();

  final Holdings holdings = new Holdings((delay, task) -> later.add(Map.entry(delay, task)));
  final Calls calls = new Calls();
  final OffloadEngine offload = TestOffload.of(array, holdings);
  final RpcServer server;
  final RpcClient rpc;

  Door4() {
    this(null);
  }

  /** With another durability than the array's own, unless that is null, and more operations. */
  Door4(Durability durability, Operation4... more) {
    this(durability, Stateids.NONE, more);
  }

  /** With other stateids. */
  Door4(Durability durability, Stateids stateids, Operation4... more) {
    exports.export(volume, ALL_VERSIONS);
    AttributeEncoder encoder = new AttributeEncoder(attributes);
    AttributeOperations.addTo(operations, encoder);
    NameOperations.addTo(operations, encoder);
    DataOperations.addTo(operations);
    operations.add(more);
    Nfs4Parts parts =
        new Nfs4Parts(
            array,
            exports,
            new Grants(array, exports),
            holdings.delegations(),
            offload.explanations().transfers(),
            offload,
            calls,
            START_NANOS);
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(loopback).withEventLoops(1),
            List.of(
                new Nfs4Program(
                    parts, operations, stateids, durability == null ? array : durability)));
    rpc = connect(ROOT);
  }

  RpcClient connect(Credential credential) {
    return RpcClient.connect(
            server.address(), RpcClientOptions.defaults().withCredential(credential))
        .join();
  }

  /** A file in the volume's root. */
  Inode file(String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            org.facsim.array.AttributeChanges.ofMode(0644))
        .inode();
  }

  /** Runs what was put off for at most this long. */
  void runLater(Duration atMost) {
    for (Map.Entry<Duration, Runnable> each : List.copyOf(later)) {
      if (each.getKey().compareTo(atMost) <= 0) {
        later.remove(each);
        each.getValue().run();
      }
    }
  }

  @Override
  public void close() {
    rpc.close();
    server.close();
    offload.close();
    array.close();
  }
}
