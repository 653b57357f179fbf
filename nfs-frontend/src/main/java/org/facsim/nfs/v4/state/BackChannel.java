/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.nfs4.Callback4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcPeer;

/**
 * The back channel of one session: the connections that the client named for it, and the slots of
 * the calls to the client. RFC 8881 sections 2.10.3.1 and 2.10.6.
 *
 * <p>If no reply to a call comes, nobody knows whether the client has executed it. The next call on
 * the slot then has the next number, and if the client says that this is out of order, it has not
 * seen the lost one, whose number is used once more.
 */
final class BackChannel {
  /** The most connections that are kept. */
  private static final int MAX_CONNECTIONS = 8;

  /** The most calls under way. */
  static final int MAX_SLOTS = 8;

  private final ChannelAttributes attributes;

  /** That of the call that made the session: clients refuse callbacks of another one. */
  private final int minorVersion;

  /** By slot: the number of the next call. */
  private final int[] next;

  private final boolean[] busy;
  private final boolean[] unsure;
  private final List<RpcPeer> peers = new ArrayList<>(1);
  private final List<Long> ids = new ArrayList<>(1);
  private int program;
  private Credential credential;
  private boolean closed;

  /** Whether the last call failed; any thread reads. */
  private volatile boolean isFaulty;

  /** Whether it ever had a connection. */
  private volatile boolean wasUp;

  BackChannel(ChannelAttributes attributes, int minorVersion, int program, Credential credential) {
    this.attributes = attributes;
    this.minorVersion = minorVersion;
    this.program = program;
    this.credential = credential;
    int slots = Math.min(attributes.slots(), MAX_SLOTS);
    next = new int[slots];
    java.util.Arrays.fill(next, 1);
    busy = new boolean[slots];
    unsure = new boolean[slots];
  }

  ChannelAttributes attributes() {
    return attributes;
  }

  /**
   * Calls may go over this connection from now on.
   *
   * @return false if the other end cannot be called over it, or there are too many
   */
  synchronized boolean bind(CallOrigin connection) {
    RpcPeer peer = connection.peer().orElse(null);
    if (peer == null) {
      return false;
    }
    forgetEnded();
    if (!ids.contains(connection.id())) {
      if (peers.size() >= MAX_CONNECTIONS) {
        return false;
      }
      ids.add(connection.id());
      peers.add(peer);
    }
    isFaulty = false;
    wasUp = true;
    return true;
  }

  private void forgetEnded() {
    for (int i = peers.size() - 1; i >= 0; i--) {
      if (!peers.get(i).isOpen()) {
        peers.remove(i);
        ids.remove(i);
      }
    }
  }

  /** BACKCHANNEL_CTL. */
  synchronized void change(int newProgram, Credential newCredential) {
    program = newProgram;
    credential = newCredential;
  }

  synchronized boolean isUp() {
    forgetEnded();
    return !closed && !peers.isEmpty();
  }

  /** Whether it had a connection, and has none now. */
  boolean isDown() {
    return wasUp && !isUp();
  }

  boolean isFaulty() {
    return isFaulty;
  }

  synchronized void close() {
    closed = true;
    peers.clear();
    ids.clear();
  }

  /**
   * Calls the client.
   *
   * @return null if there is no connection, or no slot is free
   */
  CompletableFuture<Callback4.Answer> call(
      Session4 session, Callback4.Operation operation, Duration timeout) {
    RpcPeer peer;
    int slot;
    int number;
    int calledProgram;
    Credential as;
    synchronized (this) {
      slot = freeSlot();
      if (!isUp() || slot < 0) {
        return null;
      }
      peer = peers.get(peers.size() - 1);
      busy[slot] = true;
      number = next[slot];
      calledProgram = program;
      as = credential;
    }
    Callback4.Sequence sequence =
        new Callback4.Sequence(
            session.client().id(),
            (long) session.number() << Integer.SIZE,
            number,
            slot,
            busy.length - 1);
    CompletableFuture<Callback4.Answer> answer =
        peer.calling(as, timeout)
            .call(
                calledProgram,
                Callback4.VERSION,
                Callback4.COMPOUND,
                out -> Callback4.encode(out, minorVersion, 0, sequence, operation),
                in -> Callback4.decode(in, true));
    return answer.whenComplete((got, failure) -> ended(slot, number, got));
  }

  private int freeSlot() {
    for (int i = 0; i < busy.length; i++) {
      if (!busy[i]) {
        return i;
      }
    }
    return -1;
  }

  private synchronized void ended(int slot, int number, Callback4.Answer answerOrNull) {
    busy[slot] = false;
    isFaulty = answerOrNull == null;
    if (answerOrNull == null) {
      next[slot] = number + 1;
      unsure[slot] = true;
    } else if (answerOrNull.sequenceStatus() == 0) {
      next[slot] = number + 1;
      unsure[slot] = false;
    } else if (answerOrNull.sequenceStatus() == Nfs4Status.SEQ_MISORDERED.code() && unsure[slot]) {
      next[slot] = number - 1;
      unsure[slot] = false;
    }
  }
}
