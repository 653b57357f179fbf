/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.rpc.CallTap;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.TappedCall;
import org.facsim.services.calls.Calls;

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
    RpcRecord record = calls.received(new RpcRecord(call, in, index, recordBytes));
    record.leaveRecord();
    return record;
  }
}
