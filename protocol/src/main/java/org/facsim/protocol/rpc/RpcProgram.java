/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;

/**
 * One ONC RPC program in a range of versions. Decorators (access, faults, metrics) wrap it.
 *
 * <p>{@link #call} runs on the connection's event loop and never blocks. It answers each call
 * exactly once: at once through {@link RpcCall#reply}, or later through {@link RpcCall#defer}. If
 * it throws an {@link org.facsim.protocol.xdr.XdrException}, the answer is GARBAGE_ARGS; for any
 * other exception, it is SYSTEM_ERR and a line is logged. The part of the reply that was written
 * before is taken back.
 */
public interface RpcProgram {
  /** The program number, unsigned 32 bits. */
  int number();

  int lowestVersion();

  int highestVersion();

  void call(RpcCall call);

  /**
   * Whether the results of a procedure begin with a status word that is 0 for success, so that
   * {@link CallStatistics} can count errors. A decorator is an {@link RpcProgramDecorator}, which
   * asks the program that it wraps.
   */
  default boolean answersWithStatus(int procedure) {
    return false;
  }

  /**
   * Where the bulk data of a large call lies, of which some bytes have arrived: the data may then
   * be received where it will stay. Only calls of AUTH_NONE and AUTH_SYS without TLS are asked for,
   * each perhaps several times. Nothing is known of the caller's rights yet.
   *
   * @param arguments what has arrived of them, from the reader index to the writer index; only to
   *     be looked at
   * @param argumentBytes how long they will be
   * @return counted from the beginning of the arguments; {@link BulkSpan#UNKNOWN} if more bytes
   *     must arrive first, {@link BulkSpan#NONE} if the call is to be received like others
   */
  default BulkSpan bulkData(int procedure, ByteBuf arguments, int argumentBytes) {
    return BulkSpan.NONE;
  }

  /**
   * Room for the data that {@link #bulkData} has found. {@link RpcCall#roomOf} gives it back to
   * {@link #call}; it is closed in any case. Called on the connection's event loop.
   *
   * @return null if there is none: the call is received like others
   */
  default BulkRoom room(int procedure, int lengthBytes) {
    return null;
  }
}
