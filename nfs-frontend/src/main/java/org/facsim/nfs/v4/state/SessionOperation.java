/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.nfs.v4.Operation4;

/** An operation of minor version 1 and later. */
abstract class SessionOperation implements Operation4 {
  private final int number;
  private final Nfs4State state;

  SessionOperation(int number, Nfs4State state) {
    this.number = number;
    this.state = state;
  }

  final Nfs4State state() {
    return state;
  }

  @Override
  public final int number() {
    return number;
  }

  @Override
  public final int firstMinorVersion() {
    return 1;
  }
}
