/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** The server answered an operation of a COMPOUND with a failure. */
public final class CompoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int operation;
  private final Nfs4Status status;

  /**
   * @param operation its number; {@link Op4#ILLEGAL} if the COMPOUND failed before any operation
   */
  public CompoundException(int operation, Nfs4Status status) {
    super(Op4.name(operation) + ": NFS4ERR_" + status);
    this.operation = operation;
    this.status = status;
  }

  /** The number of the operation that failed. */
  public int operation() {
    return operation;
  }

  public Nfs4Status status() {
    return status;
  }
}
