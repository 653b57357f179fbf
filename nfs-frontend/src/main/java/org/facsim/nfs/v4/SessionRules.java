/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** Where in a COMPOUND an operation may be, from minor version 1 on. */
final class SessionRules {
  private SessionRules() {}

  /**
   * RFC 8881 sections 2.10.6.1, 18.34 and 18.46.
   *
   * @param number of the operation
   * @param index of the operation
   * @param operations how many the COMPOUND has
   * @return OK, or how the operation is refused
   */
  static Nfs4Status placeOf(Operation4 operation, int number, int index, int operations) {
    if (index > 0) {
      return switch (number) {
        case Op4.SEQUENCE -> Nfs4Status.SEQUENCE_POS;
        case Op4.BIND_CONN_TO_SESSION -> Nfs4Status.NOT_ONLY_OP;
        default -> Nfs4Status.OK;
      };
    }
    if (number == Op4.SEQUENCE) {
      return Nfs4Status.OK;
    }
    if (!operation.mayRunAlone()) {
      return Nfs4Status.OP_NOT_IN_SESSION;
    }
    return operations == 1 ? Nfs4Status.OK : Nfs4Status.NOT_ONLY_OP;
  }
}
