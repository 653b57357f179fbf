/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * One ONC RPC program in a range of versions. Decorators (access, faults, metrics) wrap it.
 *
 * <p>{@link #call} runs on the connection's event loop and never blocks. It answers each call
 * exactly once: at once through {@link RpcCall#reply}, or later through {@link RpcCall#defer}. An
 * {@link org.facsim.protocol.xdr.XdrException} out of it becomes GARBAGE_ARGS, any other exception
 * SYSTEM_ERR with a log line; whatever part of the reply was written by then is taken back.
 */
public interface RpcProgram {
  /** The program number, unsigned 32 bits. */
  int number();

  int lowestVersion();

  int highestVersion();

  void call(RpcCall call);

  /**
   * Whether the results of a procedure begin with a status word that is 0 for success, so that
   * {@link CallStatistics} can tell errors by it. A decorator is an {@link RpcProgramDecorator},
   * which asks the program that it wraps.
   */
  default boolean answersWithStatus(int procedure) {
    return false;
  }
}
