/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.util.Objects;
import org.facsim.protocol.vaai.VaaiStatus;

/** An expected outcome that is not success; the call that meets it has changed nothing. */
public final class VaaiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final VaaiStatus status;

  public VaaiFailure(VaaiStatus status, String reason) {
    super(reason, null, false, false);
    this.status = Objects.requireNonNull(status);
  }

  public VaaiStatus status() {
    return status;
  }
}
