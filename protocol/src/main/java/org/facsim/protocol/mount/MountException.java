/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import java.util.Objects;

/** A server refused a MNT. Carries no stack trace: it is an answer, not a defect. */
public final class MountException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Mount3Status status;

  public MountException(Mount3Status status) {
    super("MNT: MNT3ERR_" + status, null, false, false);
    this.status = Objects.requireNonNull(status);
  }

  public Mount3Status status() {
    return status;
  }
}
