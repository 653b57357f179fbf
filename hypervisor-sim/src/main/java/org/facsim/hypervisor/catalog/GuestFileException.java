/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.catalog;

/** A file of guests that is wrong. The message names the file, the line, and what is allowed. */
public final class GuestFileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  GuestFileException(String message) {
    super(message);
  }
}
