/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.opensds;

import org.facsim.protocol.xdr.XdrException;

/**
 * The result inside an answer. Any value except OK takes precedence over the NFS status around it.
 */
public enum OpenSdsResult {
  OK(0),
  /** The answer to a support query is no. */
  UNSUPPORTED(1),
  /** The hierarchy of clones has no further level. */
  TOO_DEEP(1001),
  TOO_MANY_SNAPSHOTS(1002),
  BUSY(1003),
  DISK_FULL(1004);

  private final int code;

  OpenSdsResult(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  static OpenSdsResult ofCode(int code) {
    for (OpenSdsResult result : values()) {
      if (result.code == code) {
        return result;
      }
    }
    throw new XdrException("result " + code);
  }
}
