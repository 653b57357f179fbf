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

  /** The credential in brief, for whoever reads a journal; empty if there is none. */
  public static String principal(Credential credential) {
    if (credential instanceof Credential.Sys sys) {
      return "AUTH_SYS " + sys.machineName() + " " + sys.uid() + "/" + sys.gid();
    }
    if (credential instanceof Credential.Gss gss) {
      return "RPCSEC_GSS " + gss.service() + " " + gss.principal();
    }
    return credential == null ? "" : "AUTH_NONE";
  }
}
