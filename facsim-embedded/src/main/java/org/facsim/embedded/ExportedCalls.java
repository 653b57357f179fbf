/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import java.util.Set;
import org.facsim.array.FileHandle;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcProgramDecorator;
import org.facsim.services.access.ExportTable;

/**
 * Stands in front of NFS's duplicate request cache. If the volume of a call is no longer exported
 * (deleted or withdrawn), the call goes past the cache: the cache would answer a retransmission as
 * before, while the program answers STALE and does nothing. The cache forgets nothing about other
 * volumes.
 */
final class ExportedCalls extends RpcProgramDecorator {
  /** A call begins with a handle: its length, then a word that is always the same. */
  private static final int VOLUME_AT = 2 * Integer.BYTES;

  private final RpcProgram uncached;

  /**
   * The procedures as bits. They are looked up for each call, and a set would cost a third of a
   * GETATTR.
   */
  private final long remembered;

  private final ExportTable exports;

  /**
   * @param uncached the program behind the cache
   * @param remembered the procedures that the cache remembers, each 0 to 63, all of which begin
   *     with a handle
   */
  ExportedCalls(
      RpcProgram cached, RpcProgram uncached, Set<Integer> remembered, ExportTable exports) {
    super(cached);
    this.uncached = uncached;
    long bits = 0;
    for (int procedure : remembered) {
      bits |= 1L << procedure;
    }
    this.remembered = bits;
    this.exports = exports;
  }

  @Override
  public void call(RpcCall call) {
    int procedure = call.procedure();
    boolean isRemembered =
        procedure >= 0 && procedure < Long.SIZE && (remembered & 1L << procedure) != 0;
    if (isRemembered && !isExported(call.arguments())) {
      uncached.call(call);
    } else {
      behind().call(call);
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
