/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.facsim.protocol.rpc.CallFate;
import org.facsim.protocol.rpc.CallTap;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.TappedCall;
import org.facsim.services.calls.Arrival;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Departure;

/** Shows what arrives over ONC RPC, at any port, to the call chain. */
final class RpcTap implements CallTap {
  private final Calls calls;

  RpcTap(Calls calls) {
    this.calls = calls;
  }

  @Override
  public TappedCall received(RpcCall call, ByteBuf in, int index, int recordBytes) {
    return calls.isWatched() ? watched(call, in, index, recordBytes) : null;
  }

  private TappedCall watched(RpcCall call, ByteBuf in, int index, int recordBytes) {
    return new Watched(
        calls.received(
            new Arrival(
                RpcProcedures.door(call.program(), call.procedure()),
                call.client(),
                call.xid(),
                call.program(),
                call.version(),
                call.procedure(),
                RpcProcedures.name(call.program(), call.version(), call.procedure()),
                recordBytes,
                () -> in.nioBuffer(index, recordBytes))));
  }

  /** What the programs find with the call is the record itself. */
  private record Watched(CallRecord call) implements TappedCall {
    @Override
    public Object attachment() {
      return call;
    }

    @Override
    public CallFate fate() {
      return switch (call.arrivalVerdict().kind()) {
        case NO_ANSWER -> CallFate.NO_ANSWER;
        case CLOSE, RESET -> CallFate.HANG_UP;
        case SERVE, DELAY, HOLD, STOP_READING, LIMIT -> CallFate.PASS;
      };
    }

    @Override
    public CallFate answered(long status, int replyBytes, Supplier<byte[]> reply) {
      long word = status == TappedCall.REFUSED ? Departure.REFUSED : status;
      Departure departure = new Departure(word, replyBytes, () -> ByteBuffer.wrap(reply.get()));
      return switch (call.answered(departure).kind()) {
        case NO_ANSWER -> CallFate.NO_ANSWER;
        case CLOSE, RESET -> CallFate.HANG_UP;
        case SEND, DELAY, TWICE, BEHIND -> CallFate.PASS;
      };
    }

    @Override
    public void ended() {
      call.ended();
    }
  }
}
