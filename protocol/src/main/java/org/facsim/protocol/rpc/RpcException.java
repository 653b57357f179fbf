/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** A call has no results, or a connection could not be made; the failure tells why. */
public final class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final RpcFailure failure;

  public RpcException(RpcFailure failure, String message) {
    this(failure, message, null);
  }

  public RpcException(RpcFailure failure, String message, Throwable cause) {
    super(failure + ": " + message, cause);
    this.failure = failure;
  }

  public RpcFailure failure() {
    return failure;
  }
}
