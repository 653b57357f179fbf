/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import org.facsim.array.Caller;
import org.facsim.protocol.rpc.Credential;

/** Translates the identity that a call claims, from the wire to the array. */
public final class Claims {
  private Claims() {}

  /** The ids in a credential; null if it names none. */
  public static Caller of(Credential credential) {
    Credential named = credential instanceof Credential.Gss gss ? gss.ids() : credential;
    return named instanceof Credential.Sys sys
        ? new Caller(sys.uid(), sys.gid(), sys.groups())
        : null;
  }
}
