/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

/**
 * A change id that is not one of the disk's: of another disk, from before a reset (revert, crash,
 * growth), or newer than the state that is asked. VMware answers with the fault {@code
 * InvalidArgument}; the backup has to start over with a full one.
 */
public final class InvalidChangeIdException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidChangeIdException(String message) {
    super(message);
  }
}
