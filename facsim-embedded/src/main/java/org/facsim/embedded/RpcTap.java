/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.rpc.CallTap;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.TappedCall;
import org.facsim.services.calls.CallLinks;
import org.facsim.services.calls.CallTurn;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;

/** Shows what arrives over ONC RPC, at any port, to the call chain. */
final class RpcTap implements CallTap {
  private final Calls calls;

  /** Of the present run; null before the first one. */
  private volatile KeptClones clones;

  RpcTap(Calls calls) {
    this.calls = calls;
  }

  /** Who is told of clones that are not executed when they arrive. */
  void tells(KeptClones newClones) {
    clones = newClones;
  }

  private RpcRecord decided(RpcRecord record, RpcCall call, ByteBuf in) {
    KeptClones told = clones;
    if (!record.arrivalVerdict().passes() && told != null) {
      told.tell(record, call, in);
    }
    return record;
  }

  /** A datagram: nothing is kept from one to the next. */
  @Override
  public TappedCall received(RpcCall call, ByteBuf in, int index, int recordBytes) {
    CallLinks links = calls.links();
    if (links.isEmpty()) {
      return null;
    }
    Door door = RpcProcedures.door(call.program(), call.version(), call.procedure());
    String name =
        door == Door.OPENSDS
            ? RpcProcedures.openSds(in, index + recordBytes)
            : RpcProcedures.name(call.program(), call.version(), call.procedure());
    CallLinks.Listeners listeners = links.of(door, call.version(), call.procedure(), name);
    return listeners.isNobody()
            && !RpcProcedures.hasParts(call.program(), call.version(), call.procedure())
        ? null
        : decided(
            calls.received(
                new RpcRecord(call, null, door, name, in, index, recordBytes), listeners),
            call,
            in);
  }

  @Override
  public CallTap ofConnection() {
    return new OfConnection();
  }

  /** The calls of one connection. Used on its event loop only. */
  @SuppressWarnings("ReferenceEquality") // links are replaced whole
  private final class OfConnection implements CallTap {
    private final CallTurn turn = new CallTurn();

    /** Of the latest call that was heard of; null if there is none to be used again. */
    private RpcRecord latest;

    // Of the latest call: what it is, and who hears of such calls.
    private CallLinks known;
    private int program;
    private int version;
    private int procedure;
    private Door door;
    private String name;
    private CallLinks.Listeners listeners;

    @Override
    public TappedCall received(RpcCall call, ByteBuf in, int index, int recordBytes) {
      CallLinks links = calls.links();
      return links.isEmpty() ? null : heard(links, call, in, index, recordBytes);
    }

    private TappedCall heard(
        CallLinks links, RpcCall call, ByteBuf in, int index, int recordBytes) {
      if (links != known
          || call.procedure() != procedure
          || call.program() != program
          || call.version() != version) {
        learn(links, call, in, index + recordBytes);
      }
      if (listeners.isNobody() && !RpcProcedures.hasParts(program, version, procedure)) {
        return null;
      }
      RpcRecord record = latest;
      if (record != null && record.isFree(call)) {
        record.again(door, name, in, index, recordBytes);
      } else {
        record = new RpcRecord(call, turn, door, name, in, index, recordBytes);
        latest = record;
      }
      return decided(calls.received(record, listeners), call, in);
    }

    private void learn(CallLinks links, RpcCall call, ByteBuf in, int end) {
      known = links;
      program = call.program();
      version = call.version();
      procedure = call.procedure();
      door = RpcProcedures.door(program, version, procedure);
      name = RpcProcedures.name(program, version, procedure);
      if (door == Door.OPENSDS) { // each call says for itself what it is
        name = RpcProcedures.openSds(in, end);
        known = null;
      }
      listeners = links.of(door, version, procedure, name);
    }

    @Override
    public void readEnds() {
      turn.ends();
    }
  }
}
