/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

/** Something was said about a volume that the array does not have: a mistake of whoever said it. */
public final class UnknownVolumeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnknownVolumeException(String what, String volumeName, String allowed) {
    super(what + " for '" + volumeName + "', which is no volume; allowed: " + allowed);
  }
}
