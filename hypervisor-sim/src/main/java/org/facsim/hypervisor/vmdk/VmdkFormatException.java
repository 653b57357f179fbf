/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

/** Text or bytes that are not the descriptor or redo log they should be. */
public final class VmdkFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public VmdkFormatException(String message) {
    super(message);
  }
}
