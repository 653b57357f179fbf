/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileHandle;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcProgramDecorator;
import org.facsim.services.access.ExportTable;

/**
 * Stands in front of NFS's duplicate request cache. If the volume of a call is no longer exported
 * (deleted or withdrawn), the call goes past the cache: the cache would answer a retransmission as
 * before, while the program answers STALE and does nothing. The cache forgets nothing about other
 * volumes. This class gets only calls that the cache remembers, all of which begin with a handle.
 */
final class ExportedCalls extends RpcProgramDecorator {
  /** A call begins with a handle: its length, then a word that is always the same. */
  private static final int VOLUME_AT = 2 * Integer.BYTES;

  private final RpcProgram uncached;
  private final ExportTable exports;

  /**
   * @param cached gets the calls of exported volumes
   * @param uncached the program behind the cache
   */
  ExportedCalls(RpcProgram cached, RpcProgram uncached, ExportTable exports) {
    super(cached);
    this.uncached = uncached;
    this.exports = exports;
  }

  @Override
  public void call(RpcCall call) {
    if (isExported(call.arguments())) {
      behind().call(call);
    } else {
      uncached.call(call);
    }
  }

  private boolean isExported(ByteBuf arguments) {
    int at = arguments.readerIndex();
    boolean isHandle =
        arguments.readableBytes() >= Integer.BYTES + FileHandle.SIZE_BYTES
            && arguments.getInt(at) == FileHandle.SIZE_BYTES;
    return isHandle && exports.ofVolume(arguments.getInt(at + VOLUME_AT)) != null;
  }
}
