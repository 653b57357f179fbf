/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

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
}
