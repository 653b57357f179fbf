/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import org.facsim.protocol.nfs4.Nfs4Status;

/** An operation ends with this status. An answer and no defect, so it has no stack trace. */
public final class Nfs4Exception extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Nfs4Status status;

  public Nfs4Exception(Nfs4Status status) {
    super(status.name(), null, false, false);
    this.status = status;
  }

  /** With a reason for whoever explains the call. */
  public Nfs4Exception(Nfs4Status status, String why) {
    super(status + ": " + why, null, false, false);
    this.status = status;
  }

  /** Never OK. */
  public Nfs4Status status() {
    return status;
  }
}
