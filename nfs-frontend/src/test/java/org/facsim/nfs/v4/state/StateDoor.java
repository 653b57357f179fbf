/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.nfs.retransmission.DuplicateRequestCache;
import org.facsim.nfs.v3.Nfs3Program;
import org.facsim.nfs.v4.Nfs4Parts;
import org.facsim.nfs.v4.Nfs4Program;
import org.facsim.nfs.v4.OperationTable;
import org.facsim.nfs.v4.TestOffload;
import org.facsim.nfs.v4.UnrepeatableCompounds;
import org.facsim.nfs.v4.acl.AclAttributes;
import org.facsim.nfs.v4.attributes.AttributeEncoder;
import org.facsim.nfs.v4.attributes.AttributeOperations;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.nfs.v4.data.DataOperations;
import org.facsim.nfs.v4.names.NameOperations;
import org.facsim.nfs.v4.space.SpaceOperations;
import org.facsim.nfs.v4.xattr.XattrOperations;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.rpc.RpcTransport;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportTable;
import org.facsim.services.access.Grants;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.calls.Calls;
import org.facsim.services.explain.FileTransfers;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.state.Grace;
import org.facsim.services.state.Holdings;

/**
 * An array in memory with one exported volume, behind NFSv4 with everything, and NFSv3, on a free
 * loopback port. Leases and the like pass by stepped time.
 */
final class StateDoor implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(90);
  static final Credential ROOT = new Credential.Sys(1, "tester", 0, 0, List.of());
  static final StateLimits LIMITS = new StateLimits(100, 4, 16, 2048, 4 << 20, 32, 1 << 20, 64);
  private static final String VOLUME = "v";

  final SteppedTime time = new SteppedTime();
  private final AtomicLong arrayNanos = new AtomicLong(1_700_000_000_000_000_000L);
  final StorageArray array =
      ArrayEngine.ephemeral(
          new ArrayOptions(
              1L << 30, () -> Instant.ofEpochSecond(0, arrayNanos.addAndGet(1_000)), 42));
  final Volume volume = array.createVolume(VOLUME, 64L << 20);
  private final ExportTable exports = new ExportTable();
  private final RpcEventLoops loops = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "callbacks");
  private final StateLimits limits;
  private final Path records;
  Holdings holdings;
  Grace grace;
  Nfs4State state;
  OffloadEngine offload;
  OperationTable operations;
  AttributeTable attributes;
  final Grants grants;
  final Calls calls = new Calls();
  private RpcServer server;
  private int run;

  StateDoor() {
    this(LIMITS, null);
  }

  StateDoor(StateLimits limits, Path records) {
    this.limits = limits;
    this.records = records;
    grants = new Grants(array, exports);
    exports.export(volume, ExportOptions.DEFAULT.withVersions(EnumSet.allOf(NfsVersion.class)));
    volume
        .attributes()
        .setAttributes(Caller.ROOT, volume.root(), AttributeChanges.ofMode(0777), null);
    open(null);
  }

  private void open(Nfs4State.Earlier earlier) {
    run++;
    holdings = new Holdings(time, LEASE, 64L << 20);
    array.addListener(holdings);
    grace = new Grace(LEASE, time);
    state =
        new Nfs4State(
            new StateOptions(LEASE, time, run, "facsim-test", limits, records),
            holdings,
            grace,
            time,
            CallbackAddress.Connector.of(loops),
            earlier);
    attributes = new AttributeTable((int) LEASE.toSeconds());
    AttributeEncoder encoder = new AttributeEncoder(attributes);
    operations = new OperationTable();
    AttributeOperations.addTo(operations, encoder);
    NameOperations.addTo(operations, encoder);
    DataOperations.addTo(operations);
    StateOperations.addTo(operations, attributes, state);
    operations.add(SpaceOperations.all());
    operations.add(XattrOperations.all());
    attributes.add(AclAttributes.all());
    offload = TestOffload.of(array, holdings);
    FileTransfers transfers = offload.explanations().transfers();
    Nfs4Parts parts =
        new Nfs4Parts(array, exports, grants, holdings.delegations(), transfers, offload, calls, 0);
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withEventLoops(1),
            List.of(
                new DuplicateRequestCache(
                    new Nfs4Program(parts, operations, StateOperations.stateids(state)),
                    UnrepeatableCompounds::contains,
                    DuplicateRequestCache.DEFAULT_BYTES),
                new Nfs3Program(array, grants, holdings.delegations(), transfers)));
    holdings.delegations().addDoor(server::whenPassed);
  }

  /** The array goes on with what it has, and without what it knows of its clients. */
  void restart() {
    Nfs4State.Earlier earlier = state.leave();
    state.close();
    server.close();
    offload.close();
    array.removeListener(holdings);
    open(earlier);
  }

  /** The same without an orderly end: only what is on stable storage is left. */
  void crash() {
    server.close();
    offload.close();
    array.removeListener(holdings);
    open(null);
  }

  InetSocketAddress address() {
    return server.address();
  }

  boolean knows(long clientId) {
    Nfs4State guarded = state;
    synchronized (guarded) {
      return guarded.clients().find(clientId) != null;
    }
  }

  /** Another volume that clients see beside the first one. */
  Volume addVolume(String name) {
    Volume added = array.createVolume(name, 64L << 20);
    exports.export(added, ExportOptions.DEFAULT.withVersions(EnumSet.allOf(NfsVersion.class)));
    added
        .attributes()
        .setAttributes(Caller.ROOT, added.root(), AttributeChanges.ofMode(0777), null);
    return added;
  }

  Inode inode(String name) {
    return volume.names().lookup(Caller.ROOT, volume.root(), Name.of(name));
  }

  @Override
  public void close() {
    state.close();
    server.close();
    offload.close();
    time.close();
    loops.close();
    array.close();
  }
}
