/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

/** The name of a session: 16 bytes that only the array interprets. */
public record SessionId(long high, long low) {
  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
