/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.GssService;

/**
 * SP4_MACH_CRED, RFC 8881 section 2.10.8.3: a client that mounts with Kerberos lets nobody but its
 * own machine's principal change its client id and its sessions, in calls that cannot be changed on
 * their way.
 *
 * <p>What is enforced is what the Linux kernel asks for. What is allowed is allowed anyhow: a state
 * may be given back by any principal of its client.
 */
final class MachineCredential {
  private static final int[] ENFORCED = {
    Op4.BIND_CONN_TO_SESSION,
    Op4.EXCHANGE_ID,
    Op4.CREATE_SESSION,
    Op4.DESTROY_SESSION,
    Op4.DESTROY_CLIENTID
  };

  private static final int[] ALLOWED = {
    Op4.CLOSE, Op4.OPEN_DOWNGRADE, Op4.LOCKU, Op4.DELEGRETURN, Op4.TEST_STATEID, Op4.FREE_STATEID
  };

  private MachineCredential() {}

  /** The operations that only the machine's principal may send. */
  static Bitmap4 enforced() {
    return Bitmap4.of(ENFORCED);
  }

  /** Those that it may send for other principals, of those that the client wishes. */
  static Bitmap4 allowed(Bitmap4 wished) {
    return Bitmap4.of(ALLOWED).retain(wished);
  }

  /** Whether a call proves who makes it, and that nobody has changed it. */
  static boolean isProtected(Credential credential) {
    return credential instanceof Credential.Gss gss && gss.service() != GssService.AUTHENTICATION;
  }

  /**
   * Refuses everybody but the machine's principal, if the client wants that.
   *
   * @throws Nfs4Exception WRONG_CRED
   */
  static void require(Client4 client, Compound compound) {
    if (client.isProtected
        && !(isProtected(compound.credential())
            && client.principal().equals(Principal.of(compound.credential())))) {
      throw new Nfs4Exception(Nfs4Status.WRONG_CRED, "not the machine's principal");
    }
  }
}
