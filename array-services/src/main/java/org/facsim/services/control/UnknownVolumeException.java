/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

/**
 * Thrown if a setting names a volume that the array does not have. This is the caller's mistake.
 */
public final class UnknownVolumeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnknownVolumeException(String what, String volumeName, String allowed) {
    super(what + " for '" + volumeName + "', which is no volume; allowed: " + allowed);
  }
}
