/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcException;

/**
 * The TCP connections of one mount (nConnect), and the calls on them: a hard mount, as ESXi's are.
 * Calls are spread over the connections in turn. What is not answered is sent again until it is,
 * with two exceptions: when the APD timer has run out, what is not I/O of a VM fails at once; and
 * after {@link #close} everything does. Thread-safe.
 */
final class DatastoreConnections implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final int MAX_DOUBLINGS = 3;

  private final InetSocketAddress server;
  private final RpcClientOptions options;
  private final HostTime time;
  private final DatastoreHealth health;

  /** Numbers all calls, whichever connection they take, and picks the connection. */
  private final AtomicInteger nextXid = new AtomicInteger(ThreadLocalRandom.current().nextInt());

  private final Set<HardCall<?>> underWay = ConcurrentHashMap.newKeySet();

  /** Replaced as a whole, under the monitor; empty while closed. */
  private volatile List<LastingConnection> connections = List.of();

  private DatastoreConnections(
      InetSocketAddress server, RpcClientOptions options, HostTime time, DatastoreHealth health) {
    this.server = server;
    this.options = options.withCallTimer(new HostCallTimer(time));
    this.time = time;
    this.health = health;
  }

  /**
   * Opens all connections, or none.
   *
   * @param time by which calls run out and are sent again
   */
  static DatastoreConnections open(
      InetSocketAddress server,
      int count,
      RpcClientOptions options,
      HostTime time,
      DatastoreHealth health) {
    DatastoreConnections opened = new DatastoreConnections(server, options, time, health);
    opened.setCount(count);
    return opened;
  }

  int count() {
    return connections.size();
  }

  /**
   * Makes or ends connections until there are that many, the oldest first; after {@link #close}, it
   * opens the mount again. Calls on a connection that ends are sent again on another one at once.
   *
   * @param count 1 and more
   * @throws DatastoreException if a connection cannot be made; there are as many as before then
   */
  synchronized void setCount(int count) {
    List<LastingConnection> before = connections;
    if (count > before.size()) {
      List<LastingConnection> more = new ArrayList<>(before);
      try {
        while (more.size() < count) {
          more.add(
              new LastingConnection(
                  Replies.await(RpcClient.connect(server, options)),
                  () -> RpcClient.connect(server, options)));
        }
      } catch (DatastoreException e) {
        more.subList(before.size(), more.size()).forEach(LastingConnection::close);
        throw e;
      }
      connections = List.copyOf(more);
    } else {
      int fewer = before.size() - count;
      connections = List.copyOf(before.subList(fewer, before.size()));
      before.subList(0, fewer).forEach(LastingConnection::close);
    }
  }

  /** Calls of the host itself. */
  RpcCaller ofHost() {
    return new Caller(false);
  }

  /** Calls that guests wait for; they are never given up while the mount is open. */
  RpcCaller ofVirtualMachines() {
    return new Caller(true);
  }

  private final class Caller implements RpcCaller {
    private final boolean ofVm;

    Caller(boolean ofVm) {
      this.ofVm = ofVm;
    }

    @Override
    public <T> CompletableFuture<T> call(
        int program,
        int version,
        int procedure,
        Consumer<ByteBuf> arguments,
        Function<ByteBuf, T> results) {
      return call(program, version, procedure, arguments, null, results);
    }

    @Override
    public <T> CompletableFuture<T> call(
        int program,
        int version,
        int procedure,
        Consumer<ByteBuf> arguments,
        ByteBuf payload,
        Function<ByteBuf, T> results) {
      int xid = nextXid.getAndIncrement();
      return start(
          new HardCall<>(ofVm, xid, program, version, procedure, arguments, payload, results), xid);
    }
  }

  private <T> CompletableFuture<T> start(HardCall<T> call, int turn) {
    underWay.add(call);
    if (givesUp(call)) {
      end(call, null, allPathsDown());
    } else {
      send(call, turn);
    }
    return call.answer;
  }

  private <T> void send(HardCall<T> call, int turn) {
    List<LastingConnection> present = connections;
    if (present.isEmpty()) {
      end(call, null, closed());
      return;
    }
    LastingConnection on = call.connection;
    if (on == null || on.isClosed()) {
      on = present.get(Math.floorMod(turn, present.size()));
      call.connection = on;
    }
    var unused =
        time.expect(
            this,
            on.current()
                .thenCompose(call::send)
                .whenComplete(
                    (value, failure) -> {
                      if (failure == null) {
                        answered(call);
                        end(call, value, null);
                      } else {
                        failed(call, failure);
                      }
                    }));
  }

  private void answered(HardCall<?> call) {
    if (call.program == Nfs3.PROGRAM && call.procedure == GetAttr3.PROCEDURE) {
      health.answeredAttributes();
    } else {
      health.answered();
    }
  }

  /** Completes a call; what came too late is released. */
  private <T> void end(HardCall<T> call, T value, Throwable failure) {
    underWay.remove(call);
    boolean taken =
        failure == null ? call.answer.complete(value) : call.answer.completeExceptionally(failure);
    if (!taken && value != null) {
      ReferenceCountUtil.release(value);
    }
  }

  private <T> void failed(HardCall<T> call, Throwable failure) {
    if (call.answer.isDone()) { // given up meanwhile
      return;
    }
    boolean silent = isSilence(failure);
    if (!silent) {
      health.answered();
      end(call, null, rootOf(failure));
    } else if (connections.isEmpty()) {
      end(call, null, closed());
    } else if (call.connection.isClosed()) { // this host has ended it
      send(call, nextXid.get());
    } else {
      health.unanswered();
      if (givesUp(call)) {
        end(call, null, allPathsDown());
      } else {
        int doublings = Math.min(call.failures++, MAX_DOUBLINGS);
        var unused = time.after(FIRST_RETRY.multipliedBy(1L << doublings), () -> sendAgain(call));
      }
    }
  }

  private void sendAgain(HardCall<?> call) {
    if (!call.answer.isDone()) {
      send(call, nextXid.get());
    }
  }

  private boolean givesUp(HardCall<?> call) {
    return !call.ofVm && health.state() == PathState.ALL_PATHS_DOWN_TIMEOUT;
  }

  /** Fails all calls under way that are not I/O of a VM: the APD timer has run out. */
  void giveUpCallsOfHost() {
    for (HardCall<?> call : underWay) {
      if (!call.ofVm) {
        end(call, null, allPathsDown());
      }
    }
  }

  /**
   * Sends one GETATTR on one connection, whatever the state of the path. This is how a host finds
   * out that the path is back.
   *
   * @param getattr the encoded arguments of GETATTR
   * @return the status of NFS in the answer; fails if there is no answer
   */
  CompletableFuture<Integer> heartbeat(Consumer<ByteBuf> getattr) {
    int xid = nextXid.getAndIncrement();
    List<LastingConnection> present = connections;
    if (present.isEmpty()) {
      return CompletableFuture.failedFuture(closed());
    }
    LastingConnection on = present.get(Math.floorMod(xid, present.size()));
    return on.current()
        .thenCompose(
            client ->
                client.callAs(
                    xid,
                    Nfs3.PROGRAM,
                    Nfs3.VERSION,
                    GetAttr3.PROCEDURE,
                    getattr,
                    null,
                    ByteBuf::readInt))
        .whenComplete(
            (status, failure) -> {
              if (failure == null || !isSilence(failure)) {
                health.answeredAttributes();
              } else if (!on.isClosed()) {
                health.unanswered();
              }
            });
  }

  private static DatastoreException allPathsDown() {
    return new DatastoreException(
        DatastoreError.ALL_PATHS_DOWN, "the server has been silent for too long");
  }

  private static DatastoreException closed() {
    return new DatastoreException(DatastoreError.FILE_ERROR, "the datastore is not mounted");
  }

  private static Throwable rootOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static boolean isSilence(Throwable failure) {
    if (!(rootOf(failure) instanceof RpcException rpc)) {
      return false;
    }
    return switch (rpc.failure()) {
      case CONNECTION_LOST, CONNECT_FAILED, TIMEOUT -> true;
      case PROGRAM_UNAVAILABLE,
          PROGRAM_MISMATCH,
          PROCEDURE_UNAVAILABLE,
          GARBAGE_ARGUMENTS,
          SYSTEM_ERROR,
          RPC_MISMATCH,
          AUTH_ERROR,
          MALFORMED_REPLY,
          TOO_MANY_CALLS ->
          false;
    };
  }

  /** Ends all connections; calls under way fail, also those that wait to be sent again. */
  @Override
  public void close() {
    List<LastingConnection> last;
    synchronized (this) {
      last = connections;
      connections = List.of();
    }
    last.forEach(LastingConnection::close);
    underWay.forEach(call -> end(call, null, closed()));
  }
}
