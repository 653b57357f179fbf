/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.client.ChannelLimits4;
import org.facsim.protocol.nfs4.client.ClientSession4;
import org.facsim.protocol.nfs4.client.Compound4;
import org.facsim.protocol.nfs4.client.CompoundException;
import org.facsim.protocol.nfs4.client.CreatedSession4;
import org.facsim.protocol.nfs4.client.ExchangedId4;
import org.facsim.protocol.nfs4.client.Nfs4Client;
import org.facsim.protocol.nfs4.client.Results4;
import org.facsim.protocol.rpc.RpcCaller;

/**
 * The client id and the session of one mount over NFSv4.1, which its {@linkplain Nfs41Calls calls}
 * go through.
 *
 * <p><b>Recovery.</b> A session that the server does not know (BADSESSION) is replaced: with
 * CREATE_SESSION, if the server still knows the client id. If not, it has restarted, or the lease
 * has run out and somebody wanted what this host held: EXCHANGE_ID, CREATE_SESSION, then what was
 * open is reclaimed, then RECLAIM_COMPLETE. Calls wait meanwhile, and are made in the new session.
 * A call that was under way may have been executed in the old one; like a host over NFSv3, this one
 * cannot know.
 *
 * <p><b>Giving up.</b> When the APD timer has run out, the calls of the host fail. What was sent
 * stays under way all the same, because its slot is not free before the server has answered.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class Nfs41Lease implements DatastoreConnections.Manners {
  private static final int MINOR_VERSION = 1;
  private static final int SLOTS = 64;
  private static final int OPERATIONS = 16;
  private static final int CACHED_BYTES = 2048;
  private static final int MESSAGE_BYTES = Nfs4.MAX_TRANSFER_BYTES + (64 << 10);
  private static final int CALLBACK_PROGRAM = 0x40000000;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MAX_ATTEMPTS = 8;

  /** What is open, and how it is opened again. */
  interface Opens {
    /**
     * Opens everything again in a new session, before RECLAIM_COMPLETE.
     *
     * @return fails if the session is lost meanwhile, and not because a file is
     */
    CompletableFuture<Void> reclaim(ClientSession4 in);

    /** Opens what could not be reclaimed, after RECLAIM_COMPLETE; likewise. */
    CompletableFuture<Void> openLost(ClientSession4 in);

    /**
     * A stateid was refused: opens the files that are said to be open again, if that may help.
     *
     * @return whether the call is worth another attempt
     */
    CompletableFuture<Boolean> stateidRefused(CompoundException refusal);
  }

  private final HostSide host;
  private final String label;
  private final DatastoreHealth health;
  private final long verifier;
  private final byte[] owner;
  private DatastoreConnections connections;
  private Opens opens;
  private Nfs41Calls calls;

  /** What the server said of itself, in the first EXCHANGE_ID of the mount. */
  private volatile ExchangedId4 server;

  // Guarded by the monitor.
  private long clientId;
  private int createSequence;
  private long heldUnder;
  private CompletableFuture<ClientSession4> current;
  private boolean closed = true;

  /**
   * A client without a client id.
   *
   * @param verifier another one for each start of the host
   * @param owner names the client to servers
   */
  Nfs41Lease(HostSide host, String label, DatastoreHealth health, long verifier, byte[] owner) {
    this.host = host;
    this.label = label;
    this.health = health;
    this.verifier = verifier;
    this.owner = owner.clone();
  }

  /** Must be called once, before anything else. */
  void begin(DatastoreConnections over, Opens what) {
    connections = over;
    opens = what;
    calls = new Nfs41Calls(this, what, health);
  }

  // ---------------------------------------------------------------- connections

  @Override
  public boolean isOfAttributes(int program, int procedure) {
    return program == Nfs4.PROGRAM && procedure == Nfs4.COMPOUND;
  }

  /** The slot says whether a request was executed, whatever connection it comes over. */
  @Override
  public boolean movesBetweenConnections() {
    return true;
  }

  /** Is it the same server? Then the connection is bound to the session, if there is one. */
  @Override
  public CompletableFuture<Void> greet(RpcCaller direct, InetSocketAddress address) {
    Nfs4Client client = new Nfs4Client(direct, MINOR_VERSION);
    return exchangeId(client)
        .thenCompose(
            found -> {
              requireSameServer(found, address);
              ClientSession4 session = sessionNow();
              return session == null
                  ? CompletableFuture.completedFuture(null)
                  : bind(client, session);
            });
  }

  private CompletableFuture<ExchangedId4> exchangeId(Nfs4Client client) {
    return client.send(
        Compound4.empty().exchangeId(verifier, owner, 0),
        results -> ExchangedId4.read(results.ok(Op4.EXCHANGE_ID).body()));
  }

  private synchronized void requireSameServer(ExchangedId4 found, InetSocketAddress address) {
    if (server == null) {
      server = found;
    } else if (!server.isOfSameServer(found)) {
      throw new DatastoreException(
          DatastoreError.FILE_ERROR,
          "%s is another server: its server owner is %s, not %s"
              .formatted(address.getHostString(), found.ownerText(), server.ownerText()));
    }
  }

  private static CompletableFuture<Void> bind(Nfs4Client client, ClientSession4 session) {
    return client
        .<Void>send(
            Compound4.empty().bindForeChannel(session.id()),
            results -> {
              results.ok(Op4.BIND_CONN_TO_SESSION);
              return null;
            })
        .exceptionallyCompose(
            failure ->
                statusOf(failure) == Nfs4Status.BADSESSION // the next call finds that out, too
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(failure));
  }

  // ---------------------------------------------------------------- the session

  /**
   * Begins or goes on after {@link #end}: gets a client id and a session.
   *
   * <p>ESXi sends a wrong sequence in its first CREATE_SESSION, and expects SEQ_MISORDERED. Which
   * one is not documented; here it is one too high, which no server may mistake for a repetition.
   */
  CompletableFuture<Void> join() {
    Nfs4Client client = ofHost();
    CompletableFuture<ClientSession4> joined =
        exchangeId(client)
            .thenCompose(
                found -> {
                  synchronized (this) {
                    clientId = found.clientId();
                    createSequence = found.sequence();
                    closed = false;
                    heldUnder = 0;
                  }
                  return createSession(client, createSequence + 1)
                      .handle((session, expected) -> null)
                      .thenCompose(session -> established(MAX_ATTEMPTS));
                });
    synchronized (this) {
      current = joined;
    }
    return joined.thenCompose(
        session ->
            connections.onEach(direct -> bind(new Nfs4Client(direct, MINOR_VERSION), session)));
  }

  private Nfs4Client ofHost() {
    return new Nfs4Client(connections.ofHost(), MINOR_VERSION);
  }

  private CompletableFuture<ClientSession4> createSession(Nfs4Client client, int sequence) {
    ChannelLimits4 wanted =
        new ChannelLimits4(MESSAGE_BYTES, MESSAGE_BYTES, CACHED_BYTES, OPERATIONS, SLOTS);
    ChannelLimits4 unused = new ChannelLimits4(4096, 4096, 0, 2, 1);
    return client
        .send(
            Compound4.empty()
                .createSession(clientId(), sequence, 0, wanted, unused, CALLBACK_PROGRAM),
            results -> CreatedSession4.read(results.ok(Op4.CREATE_SESSION).body()))
        .thenApply(
            made ->
                new ClientSession4(
                    new Nfs4Client(connections.ofVirtualMachines(), MINOR_VERSION),
                    made.id(),
                    made.fore().slots(),
                    again -> after(again)));
  }

  private synchronized long clientId() {
    return clientId;
  }

  /** Does something after a pause. */
  void after(Runnable task) {
    var unused = host.time().after(PAUSE, task);
  }

  /** A session with the client id, in which everything is open that was open before. */
  private CompletableFuture<ClientSession4> established(int attempts) {
    int sequence;
    synchronized (this) {
      sequence = createSequence;
    }
    return createSession(ofHost(), sequence)
        .thenCompose(
            session -> {
              boolean anew;
              synchronized (this) {
                createSequence = sequence + 1;
                anew = heldUnder != clientId;
              }
              return anew ? reclaimed(session) : CompletableFuture.completedFuture(session);
            })
        .exceptionallyCompose(failure -> established(attempts, failure));
  }

  private CompletableFuture<ClientSession4> established(int attempts, Throwable failure) {
    Nfs4Status status = statusOf(failure);
    if (status == null || attempts == 0) {
      return CompletableFuture.failedFuture(failure);
    }
    boolean isAnotherClientId =
        status == Nfs4Status.STALE_CLIENTID
            || status == Nfs4Status.SEQ_MISORDERED
            || status == Nfs4Status.BADSESSION;
    return isAnotherClientId
        ? exchangeId(ofHost())
            .thenCompose(
                found -> {
                  synchronized (this) {
                    clientId = found.clientId();
                    createSequence = found.sequence();
                  }
                  return established(attempts - 1);
                })
        : pause().thenCompose(done -> established(attempts - 1));
  }

  private CompletableFuture<Void> pause() {
    CompletableFuture<Void> over = new CompletableFuture<>();
    after(() -> over.complete(null));
    return over;
  }

  private CompletableFuture<ClientSession4> reclaimed(ClientSession4 session) {
    return opens
        .reclaim(session)
        .thenCompose(
            done ->
                session.<Void>call(
                    Compound4.empty().reclaimComplete(),
                    true,
                    results -> {
                      if (results.next() != Nfs4Status.COMPLETE_ALREADY) {
                        requireOk(results);
                      }
                      return null;
                    }))
        .thenCompose(done -> opens.openLost(session))
        .thenApply(
            done -> {
              synchronized (this) {
                heldUnder = clientId;
              }
              return session;
            });
  }

  private static void requireOk(Results4 results) {
    if (results.operationStatus() != Nfs4Status.OK) {
      throw new CompoundException(results.operation(), results.operationStatus());
    }
  }

  private synchronized ClientSession4 sessionNow() {
    return current != null && current.isDone() && !current.isCompletedExceptionally()
        ? current.join()
        : null;
  }

  /** The session, or the one that is being made; fails after {@link #end}. */
  synchronized CompletableFuture<ClientSession4> session() {
    if (closed || current == null) {
      return CompletableFuture.failedFuture(DatastoreConnections.closed());
    }
    if (current.isCompletedExceptionally()) {
      current = established(MAX_ATTEMPTS);
    }
    return current;
  }

  /** Replaces a session that the server does not know, once for all calls that find out. */
  void replace(ClientSession4 broken, Nfs4Status why) {
    CompletableFuture<ClientSession4> replacement = new CompletableFuture<>();
    synchronized (this) {
      if (closed || sessionNow() != broken) {
        return;
      }
      current = replacement;
    }
    broken.end(new CompoundException(Op4.SEQUENCE, Nfs4Status.BADSESSION));
    host.log().warn("NFS41", 4_120, "Session of %s is lost (%s); recovering".formatted(label, why));
    var unused =
        established(MAX_ATTEMPTS)
            .whenComplete(
                (session, failure) -> {
                  if (failure == null) {
                    host.log().info("NFS41", 4_161, "Session of %s is recovered".formatted(label));
                    replacement.complete(session);
                  } else {
                    replacement.completeExceptionally(rootOf(failure));
                  }
                });
  }

  // ---------------------------------------------------------------- calls

  /** The calls of the mount. */
  Nfs41Calls calls() {
    return calls;
  }

  /** Fails the calls of the host; see above. */
  void giveUpCallsOfHost() {
    calls.giveUp(DatastoreConnections.allPathsDown());
    connections.giveUpCallsOfHost();
  }

  /**
   * Renews the lease and asks for a file, once. As long as it is not answered, the next one is the
   * same request.
   *
   * @return whether the server has no such file
   */
  CompletableFuture<Boolean> heartbeat(byte[] handle) {
    ClientSession4 session = sessionNow();
    if (session == null) {
      return connections.heartbeat(
          direct -> new Nfs4Client(direct, MINOR_VERSION).ping().thenApply(done -> false));
    }
    return connections
        .heartbeat(
            direct ->
                session.renew(
                    new Nfs4Client(direct, MINOR_VERSION),
                    Compound4.at(handle),
                    results -> {
                      Nfs4Status status = results.next();
                      return status == Nfs4Status.STALE || status == Nfs4Status.BADHANDLE;
                    }))
        .exceptionallyCompose(
            failure -> {
              Nfs4Status status = statusOf(failure);
              if (status == null) {
                return CompletableFuture.failedFuture(failure);
              }
              if (status != Nfs4Status.DELAY) {
                replace(session, status);
                var unused = session();
              }
              return CompletableFuture.completedFuture(false);
            });
  }

  /** Gives session and client id back, once each and as far as the server answers. */
  CompletableFuture<Void> leave() {
    ClientSession4 session = sessionNow();
    if (session == null) {
      return CompletableFuture.completedFuture(null);
    }
    Nfs4Client client = ofHost();
    return client
        .send(Compound4.empty().destroySession(session.id()), Results4::status)
        .thenCompose(
            done ->
                client.<Void>send(Compound4.empty().destroyClientId(clientId()), results -> null));
  }

  /** No more calls, until {@link #join}. */
  void end() {
    CompletableFuture<ClientSession4> last;
    synchronized (this) {
      closed = true;
      last = current;
      current = null;
      server = null;
    }
    DatastoreException reason = DatastoreConnections.closed();
    if (last != null) {
      var unused = last.thenAccept(session -> session.end(reason));
    }
    calls.giveUp(reason);
  }

  static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root instanceof CompletionException && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** With which status an operation was refused; null if it was something else. */
  static Nfs4Status statusOf(Throwable failure) {
    return rootOf(failure) instanceof CompoundException refusal ? refusal.status() : null;
  }
}
