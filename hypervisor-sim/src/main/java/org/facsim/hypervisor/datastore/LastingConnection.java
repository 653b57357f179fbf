/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.facsim.protocol.nfs3.Commit3;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcException;

/**
 * One TCP connection of a mount, made again when it ends, and its calls with it: a hard mount, as
 * ESXi's are. What was not answered is sent again until it is, with two exceptions: when the APD
 * timer has run out, what is not I/O of a VM fails at once; and after {@link #close} everything
 * does. READ, WRITE and COMMIT count as I/O of a VM, because nothing else here moves data for long.
 *
 * <p>A call keeps its xid each time it is sent, whichever connection it takes. If the reply to a
 * CREATE GUARDED was lost, a server with a duplicate request cache therefore gives the same answer
 * again. Known flaw: a server that restarted in between has forgotten the call, and answers that
 * the file exists. Thread-safe.
 */
final class LastingConnection implements RpcCaller, AutoCloseable {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Supplier<CompletableFuture<RpcClient>> connector;
  private final DatastoreHealth health;
  private final Executor later =
      CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS);

  /** The next xid; all calls draw from it, whichever connection they take. */
  private final AtomicInteger nextXid = new AtomicInteger(ThreadLocalRandom.current().nextInt());

  private CompletableFuture<RpcClient> connection;
  private boolean closed;

  LastingConnection(
      RpcClient first, Supplier<CompletableFuture<RpcClient>> connector, DatastoreHealth health) {
    this.connection = CompletableFuture.completedFuture(first);
    this.connector = connector;
    this.health = health;
  }

  /** A call that is sent as often as necessary. */
  private record Attempt<T>(
      CompletableFuture<T> answer, boolean ofVm, Function<RpcClient, CompletableFuture<T>> send) {}

  @Override
  public <T> CompletableFuture<T> call(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      Function<ByteBuf, T> results) {
    int xid = nextXid.getAndIncrement();
    return start(
        new Attempt<>(
            new CompletableFuture<>(),
            isOfVm(program, procedure),
            client -> client.callAs(xid, program, version, procedure, arguments, null, results)));
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
    Attempt<T> attempt =
        new Attempt<>(
            new CompletableFuture<>(),
            isOfVm(program, procedure),
            client ->
                client.callAs(
                    xid,
                    program,
                    version,
                    procedure,
                    arguments,
                    payload.retainedDuplicate(),
                    results));
    return start(attempt).whenComplete((value, failure) -> payload.release());
  }

  private static boolean isOfVm(int program, int procedure) {
    return program == Nfs3.PROGRAM
        && (procedure == Read3.PROCEDURE
            || procedure == Write3.PROCEDURE
            || procedure == Commit3.PROCEDURE);
  }

  private <T> CompletableFuture<T> start(Attempt<T> attempt) {
    if (givesUp(attempt)) {
      attempt.answer.completeExceptionally(allPathsDown());
    } else {
      send(attempt);
    }
    return attempt.answer;
  }

  /**
   * Sends one GETATTR, whatever the state of the path. This is how a host finds out that the path
   * is back.
   *
   * @return completes with whether there was an answer
   */
  CompletableFuture<Boolean> probe(Consumer<ByteBuf> getattr) {
    int xid = nextXid.getAndIncrement();
    return current()
        .thenCompose(
            client ->
                client.callAs(
                    xid, Nfs3.PROGRAM, Nfs3.VERSION, GetAttr3.PROCEDURE, getattr, null, in -> true))
        .handle(
            (answered, failure) -> {
              boolean silent = failure != null && isSilence(failure);
              note(silent);
              return !silent;
            });
  }

  private <T> void send(Attempt<T> attempt) {
    var unused =
        current()
            .thenCompose(attempt.send)
            .whenComplete(
                (value, failure) -> {
                  if (failure == null) {
                    note(false);
                    attempt.answer.complete(value);
                  } else {
                    failed(attempt, failure);
                  }
                });
  }

  private <T> void failed(Attempt<T> attempt, Throwable failure) {
    boolean silent = isSilence(failure);
    note(silent);
    if (!silent || isClosed()) {
      attempt.answer.completeExceptionally(rootOf(failure));
    } else if (givesUp(attempt)) {
      attempt.answer.completeExceptionally(allPathsDown());
    } else {
      later.execute(() -> send(attempt));
    }
  }

  private void note(boolean silent) {
    if (silent) {
      health.unanswered();
    } else {
      health.answered();
    }
  }

  private boolean givesUp(Attempt<?> attempt) {
    return !attempt.ofVm && health.state() == PathState.ALL_PATHS_DOWN_TIMEOUT;
  }

  private static DatastoreException allPathsDown() {
    return new DatastoreException(
        DatastoreError.ALL_PATHS_DOWN, "the server has been silent for too long");
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

  /** The present connection, or the one that is being made. */
  private synchronized CompletableFuture<RpcClient> current() {
    boolean broken =
        connection.isCompletedExceptionally()
            || (connection.isDone() && !connection.join().isOpen());
    if (broken && !closed) {
      if (!connection.isCompletedExceptionally()) {
        connection.join().close();
      }
      connection = connector.get();
    }
    return connection;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Ends the connection; calls under way fail. */
  @Override
  public void close() {
    CompletableFuture<RpcClient> last;
    synchronized (this) {
      closed = true;
      last = connection;
    }
    var unused = last.thenAccept(RpcClient::close);
  }
}
