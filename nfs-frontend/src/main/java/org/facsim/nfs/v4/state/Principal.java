/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.protocol.rpc.Credential;

/** By whom a client id may be changed: RFC 8881 section 2.4. */
final class Principal {
  private static final Object NOBODY =
      new Object() {
        @Override
        public String toString() {
          return "nobody";
        }
      };

  private Principal() {}

  /** The principal of a credential, compared by value. */
  static Object of(Credential credential) {
    if (credential instanceof Credential.Sys sys) {
      return sys.uid();
    }
    if (credential instanceof Credential.Gss gss) {
      return gss.principal(); // a client may protect some of its calls more than others
    }
    return credential instanceof Credential.None ? NOBODY : credential;
  }

  /** The same for a file, where kinds of principals must not be mistaken for each other. */
  @SuppressWarnings("ReferenceEquality") // a proved name may be anything
  static String text(Object principal) {
    if (principal == NOBODY) {
      return "none";
    }
    return (principal instanceof Long ? "sys:" : "gss:") + principal;
  }
}
