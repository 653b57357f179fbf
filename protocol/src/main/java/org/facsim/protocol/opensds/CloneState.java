/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.opensds;

import org.facsim.protocol.xdr.XdrException;

/** How far a clone is. */
public enum CloneState {
  STARTED(0),
  COPYING(1),
  COMPLETE(2);

  private final long code;

  CloneState(long code) {
    this.code = code;
  }

  public long code() {
    return code;
  }

  static CloneState ofCode(long code) {
    for (CloneState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw new XdrException("clone state " + Long.toUnsignedString(code));
  }
}
