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
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;

/**
 * The TCP connections of one mount (nConnect, and with NFSv4.1 to several addresses), and the calls
 * on them: a hard mount, as ESXi's are. Calls are spread over the connections in turn. What is not
 * answered is sent again until it is, with two exceptions: when the APD timer has run out, what is
 * not I/O of a VM fails at once; and after {@link #close} everything does. Thread-safe.
 */
final class DatastoreConnections implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final int MAX_DOUBLINGS = 3;

  /** What the version of NFS has to do with connections. */
  interface Manners {
    /** Whether an answer to this call proves that the server knows the files. */
    boolean isOfAttributes(int program, int procedure);

    /** Whether a call without an answer may be sent again on another connection. */
    boolean movesBetweenConnections();

    /**
     * Makes a connection that was just opened fit for use.
     *
     * @param direct sends calls on it, each once
     */
    CompletableFuture<Void> greet(RpcCaller direct, InetSocketAddress server);
  }

  private final List<InetSocketAddress> servers;
  private final RpcClientOptions options;
  private final HostTime time;
  private final DatastoreHealth health;
  private final Manners manners;

  /** Numbers all calls, whichever connection they take, and picks the connection. */
  private final AtomicInteger nextXid = new AtomicInteger(ThreadLocalRandom.current().nextInt());

  private final Set<HardCall<?>> underWay = ConcurrentHashMap.newKeySet();

  /** Replaced as a whole, under the monitor; empty while closed. */
  private volatile List<LastingConnection> connections = List.of();

  /** Guarded by the monitor. */
  private int nextServer;

  private DatastoreConnections(
      List<InetSocketAddress> servers,
      RpcClientOptions options,
      HostTime time,
      DatastoreHealth health,
      Manners manners) {
    this.servers = List.copyOf(servers);
    this.options = options.withCallTimer(new HostCallTimer(time));
    this.time = time;
    this.health = health;
    this.manners = manners;
  }

  /**
   * Without a connection; {@link #setCount} opens them.
   *
   * @param servers addresses of one server, to which connections are made in turn
   * @param time by which calls run out and are sent again
   */
  static DatastoreConnections to(
      List<InetSocketAddress> servers,
      RpcClientOptions options,
      HostTime time,
      DatastoreHealth health,
      Manners manners) {
    return new DatastoreConnections(servers, options, time, health, manners);
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
          InetSocketAddress server = servers.get(Math.floorMod(nextServer++, servers.size()));
          more.add(
              new LastingConnection(Replies.await(connect(server)), () -> connectAgain(server)));
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

  private CompletableFuture<RpcClient> connect(InetSocketAddress server) {
    return RpcClient.connect(server, options)
        .thenCompose(
            client ->
                manners
                    .greet(new Direct(client), server)
                    .handle(
                        (done, failure) -> {
                          if (failure != null) {
                            client.close();
                            throw new CompletionException(rootOf(failure));
                          }
                          return client;
                        }));
  }

  /** A server that is not greeted any more is as good as one that is not there. */
  private CompletableFuture<RpcClient> connectAgain(InetSocketAddress server) {
    return connect(server)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    isSilence(failure)
                        ? rootOf(failure)
                        : new RpcException(
                            RpcFailure.CONNECT_FAILED,
                            server.getHostString() + ": " + rootOf(failure).getMessage(),
                            failure)));
  }

  /** Sends each call once, on one connection. */
  private final class Direct implements RpcCaller {
    private final RpcClient client;

    Direct(RpcClient client) {
      this.client = client;
    }

    @Override
    public <T> CompletableFuture<T> call(
        int program,
        int version,
        int procedure,
        Consumer<ByteBuf> arguments,
        ByteBuf payload,
        Function<ByteBuf, T> results) {
      return client.callAs(
          nextXid.getAndIncrement(), program, version, procedure, arguments, payload, results);
    }
  }

  /** Has something done on each connection that is there now, each call once. */
  CompletableFuture<Void> onEach(Function<RpcCaller, CompletableFuture<?>> task) {
    return CompletableFuture.allOf(
        connections.stream()
            .map(each -> each.current().thenCompose(client -> task.apply(new Direct(client))))
            .toArray(CompletableFuture<?>[]::new));
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
    if (manners.isOfAttributes(call.program, call.procedure)) {
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
      if (manners.movesBetweenConnections()) {
        call.connection = null;
      }
      send(call, nextXid.get() + call.failures);
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
   * Sends one call on one connection, whatever the state of the path. This is how a host finds out
   * that the path is back.
   *
   * @param call the heartbeat, which sends with what it is given
   * @return fails if there is no answer
   */
  <T> CompletableFuture<T> heartbeat(Function<RpcCaller, CompletableFuture<T>> call) {
    List<LastingConnection> present = connections;
    if (present.isEmpty()) {
      return CompletableFuture.failedFuture(closed());
    }
    LastingConnection on = present.get(Math.floorMod(nextXid.getAndIncrement(), present.size()));
    return on.current()
        .thenCompose(client -> call.apply(new Direct(client)))
        .whenComplete(
            (answer, failure) -> {
              if (failure == null || !isSilence(failure)) {
                health.answeredAttributes();
              } else if (!on.isClosed()) {
                health.unanswered();
              }
            });
  }

  static DatastoreException allPathsDown() {
    return new DatastoreException(
        DatastoreError.ALL_PATHS_DOWN, "the server has been silent for too long");
  }

  static DatastoreException closed() {
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
