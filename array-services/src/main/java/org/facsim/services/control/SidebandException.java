/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.io.IOException;

/** A door beside NFS could not be opened or registered; the message says which and why. */
public final class SidebandException extends IOException {
  private static final long serialVersionUID = 1L;

  public SidebandException(String message, Throwable cause) {
    super(message, cause);
  }
}
