/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** The array did not clone; the host copies instead. The message is what the array said. */
public final class OffloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OffloadException(String message) {
    super(message);
  }
}
