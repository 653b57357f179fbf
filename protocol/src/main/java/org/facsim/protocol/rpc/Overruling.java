/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * What a {@link TappedCall} makes of a call that its program did not perform because the tapped
 * call said so.
 *
 * @param refusal how RPC answers it; null if it is not answered
 * @param fate without a refusal: NO_ANSWER, CLOSE or RESET
 */
public record Overruling(RpcRefusal refusal, CallFate fate) {
  public static Overruling refused(RpcRefusal refusal) {
    return new Overruling(refusal, null);
  }

  public static Overruling lost(CallFate fate) {
    return new Overruling(null, fate);
  }
}
