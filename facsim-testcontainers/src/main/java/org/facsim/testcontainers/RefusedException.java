/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

/** The array's HTTP door refused a request; the message is what the door says was wrong. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  RefusedException(int status, String request, String detail) {
    super("%s: %d, %s".formatted(request, status, detail));
    this.status = status;
  }

  /** The status over HTTP: 400 for a wrong request, 404 for what is not there, 409, 503, 507. */
  public int status() {
    return status;
  }
}
