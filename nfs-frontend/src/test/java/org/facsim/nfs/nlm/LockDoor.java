/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.facsim.array.Inode;
import org.facsim.nfs.v3.Door;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmCancelArgs;
import org.facsim.protocol.nlm.NlmClient;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.facsim.protocol.nlm.NlmTestResult;
import org.facsim.protocol.nlm.NlmUnlockArgs;
import org.facsim.protocol.nsm.NsmClient;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.rpc.RpcTransport;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.LockTable;

/** An array with one file, its lock manager on a port of its own, and one client's host. */
final class LockDoor implements AutoCloseable {
  static final NetObject COOKIE = NetObject.of(new byte[] {1, 2, 3, 4});
  static final int STATE = 7;

  final AtomicLong nowNanos = new AtomicLong();
  final Door door = new Door();
  final ClientHost host;
  final Holdings holdings = new Holdings((delay, task) -> loopsOf().schedule(task, delay));
  final LockTable table = holdings.locks();
  final Nfs3Handle file;
  final LockManager manager;
  final RpcClient rpc;
  final NlmClient nlm;
  final NsmClient nsm;
  private final RpcEventLoops loops = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "lock-test");
  private final LockManagerOptions options;
  private final RpcServer server;

  LockDoor() {
    this(null);
  }

  /**
   * With a list of hosts.
   *
   * @param hostList null for none
   */
  LockDoor(Path hostList) {
    this(hostList, InetAddress.getLoopbackAddress(), InetAddress.getLoopbackAddress());
  }

  /**
   * With other addresses than the usual one.
   *
   * @param listen of the server
   * @param client of the client's host
   */
  LockDoor(Path hostList, InetAddress listen, InetAddress client) {
    host = new ClientHost(client);
    file =
        Door.join(door.client.create(door.root, "f", new Create3.Guarded(Sattr3.ofMode(0600))))
            .handle();
    options =
        new LockManagerOptions(
            hostList,
            Duration.ofSeconds(45),
            "array.example",
            Duration.ofMillis(10),
            host.port(),
            nowNanos::get);
    manager = LockManager.start(door.grants, holdings, loops, options);
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(new InetSocketAddress(listen, 0)).withEventLoops(1),
            manager.programs());
    rpc =
        RpcClient.connect(
                server.address(),
                org.facsim.protocol.rpc.RpcClientOptions.defaults().withCredential(Door.ROOT))
            .join();
    nlm = new NlmClient(rpc);
    nsm = new NsmClient(rpc);
  }

  /** A lock manager that comes after another, as after a takeover; without a door. */
  LockManager startAgain(LockManager.Earlier earlier) {
    return LockManager.startAgain(door.grants, holdings, loops, options, earlier);
  }

  InetSocketAddress address() {
    return server.address();
  }

  Inode inode() {
    return door.volume
        .root()
        .volume()
        .names()
        .lookup(org.facsim.array.Caller.ROOT, door.volume.root(), org.facsim.array.Name.of("f"));
  }

  private RpcEventLoops loopsOf() {
    return loops;
  }

  /** A range of the file, for process 1 of a host. */
  NlmLock lock(String hostName, long offset, long length) {
    return new NlmLock(
        hostName,
        file,
        NetObject.of(hostName.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        1,
        offset,
        length);
  }

  NlmStatus lock(NlmLock lock, boolean exclusive, boolean block) {
    return lock(new NlmLockArgs(COOKIE, block, exclusive, lock, false, STATE));
  }

  NlmStatus lock(NlmLockArgs args) {
    NlmResult result = Door.join(nlm.lock(args));
    if (!result.cookie().equals(args.cookie())) {
      throw new AssertionError(result + " to " + args);
    }
    return result.status();
  }

  NlmStatus exclusive(String hostName) {
    return lock(lock(hostName, 0, 0), true, false);
  }

  NlmStatus unlock(NlmLock lock) {
    return Door.join(nlm.unlock(new NlmUnlockArgs(COOKIE, lock))).status();
  }

  NlmStatus unlock(String hostName) {
    return unlock(lock(hostName, 0, 0));
  }

  NlmStatus cancel(NlmLock lock, boolean exclusive) {
    return Door.join(nlm.cancel(new NlmCancelArgs(COOKIE, true, exclusive, lock))).status();
  }

  NlmTestResult test(NlmLock lock, boolean exclusive) {
    return Door.join(nlm.test(new NlmTestArgs(COOKIE, exclusive, lock)));
  }

  String call(int procedure, Consumer<ByteBuf> arguments) {
    return Door.join(
        rpc.call(Nlm.PROGRAM, Nlm.VERSION, procedure, arguments, ByteBufUtil::hexDump));
  }

  List<String> holders() {
    return table.held().stream()
        .map(held -> ((NlmHost) held.owner().client()).name() + " " + held.range())
        .toList();
  }

  @Override
  public void close() {
    rpc.close();
    server.close();
    manager.close();
    loops.close();
    host.close();
    door.close();
  }
}
