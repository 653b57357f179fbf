/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** Checks calls with RPCSEC_GSS before a program sees them. Thread-safe. */
@FunctionalInterface
public interface CallSecurity {
  /**
   * Stands between a call and its program.
   *
   * @param claim what the call says of itself
   * @param program for which the call is
   * @return serves this one call: it checks it, gives it to the program with a {@link
   *     Credential.Gss} and plain arguments, and protects the results; or it refuses it
   */
  RpcProgram secure(Credential.GssUnverified claim, RpcProgram program);
}
