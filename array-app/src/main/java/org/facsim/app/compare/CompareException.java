/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

/** A comparison cannot be made: a server does not answer or lets nobody begin. */
public final class CompareException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CompareException(String message) {
    super(message);
  }

  CompareException(String message, Throwable cause) {
    super(message, cause);
  }
}
