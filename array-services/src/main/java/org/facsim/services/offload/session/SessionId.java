/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.HexFormat;

/** The name of a session: 16 bytes that only the array interprets. */
public record SessionId(long high, long low) {
  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
