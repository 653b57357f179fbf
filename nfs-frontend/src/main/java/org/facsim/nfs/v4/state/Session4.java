/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.RpcPeer;

/**
 * One session: RFC 8881 section 2.10. Its own monitor guards the list of slots and the connections.
 *
 * <p>The id on the wire: the client id, the session's number, and a zero.
 */
final class Session4 {
  /** The most connections that a session knows; from more on, calls are served all the same. */
  static final int MAX_CONNECTIONS = 32;

  private final Client4 client;
  private final int number;
  private final ChannelAttributes fore;
  private final int wantedSlots;

  /** As many as the client may use now; replaced by a longer one, never by a shorter one. */
  private volatile Slot4[] slots;

  private final List<Bound> connections = new ArrayList<>(1);
  private final BackChannel back;
  private volatile boolean gone;

  /** The connection that called last, and its turn: calls that came together ask this only. */
  private volatile long recent;

  /**
   * @param fore as the client was told; the session may have more slots later
   * @param wantedSlots the most that it gets
   */
  Session4(Client4 client, int number, ChannelAttributes fore, BackChannel back, int wantedSlots) {
    this.client = client;
    this.number = number;
    this.fore = fore;
    this.back = back;
    this.wantedSlots = wantedSlots;
    slots = new Slot4[fore.slots()];
  }

  Client4 client() {
    return client;
  }

  int number() {
    return number;
  }

  ChannelAttributes fore() {
    return fore;
  }

  BackChannel back() {
    return back;
  }

  /** How many slots the client may use now. Never becomes less. */
  int slotCount() {
    return slots.length;
  }

  /** How many slots there would be if memory were no matter. */
  int missingSlots() {
    return wantedSlots - slots.length;
  }

  synchronized void addSlots(int more) {
    slots = Arrays.copyOf(slots, slots.length + more);
  }

  /** What the remembered replies of so many slots may take. */
  long replyBytes(int slotCount) {
    return (long) slotCount * fore.maxCachedReplyBytes();
  }

  int era() {
    return client == null ? 0 : client.era();
  }

  boolean isGone() {
    return gone;
  }

  void writeId(ByteBuf out) {
    out.writeLong(client.id()).writeLong((long) number << Integer.SIZE);
  }

  /** A slot; it is made when it is used for the first time. */
  Slot4 slot(int index) {
    Slot4 slot = slots[index];
    return slot == null ? firstUse(index) : slot;
  }

  private synchronized Slot4 firstUse(int index) {
    Slot4 slot = slots[index];
    if (slot == null) {
      slot = new Slot4(this, index);
      slots[index] = slot;
    }
    return slot;
  }

  /** How many requests are being executed. */
  synchronized int busyCount() {
    int busy = 0;
    for (Slot4 slot : slots) {
      busy += slot != null && slot.isBusy() ? 1 : 0;
    }
    return busy;
  }

  /** Nobody finds it any more; requests under way end as usual. */
  void goes() {
    gone = true;
    back.close();
  }

  // ---------------------------------------------------------------- connections

  /**
   * A call came over this connection, which belongs to the session from now on.
   *
   * @return false if it came in the same turn as the latest call
   */
  boolean calledOver(CallOrigin connection) {
    int turn = connection.turn();
    long now = (connection.id() << Integer.SIZE) | (turn & 0xffff_ffffL);
    long before = recent;
    if (before == now && turn != 0) {
      return false;
    }
    recent = now;
    if (before >>> Integer.SIZE != now >>> Integer.SIZE) {
      bind(connection);
    }
    return true;
  }

  private synchronized void bind(CallOrigin connection) {
    if (!isBoundTo(connection)) {
      connections.removeIf(each -> !each.isOpen());
      if (connections.size() < MAX_CONNECTIONS) {
        connections.add(new Bound(connection.id(), connection.peer().orElse(null)));
      }
    }
  }

  synchronized boolean isBoundTo(CallOrigin connection) {
    for (Bound each : connections) {
      if (each.id == connection.id()) {
        return true;
      }
    }
    return false;
  }

  synchronized int connectionCount() {
    connections.removeIf(each -> !each.isOpen());
    return connections.size();
  }

  private record Bound(long id, RpcPeer peer) {
    boolean isOpen() {
      return peer == null || peer.isOpen();
    }
  }
}
