/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import java.util.List;
import java.util.Objects;

/**
 * What an export lets whom do. Checked on every call, not only at MOUNT.
 *
 * @param clients who may use it; empty for everyone
 * @param readOnly whether changes are refused
 * @param squash whose identity is replaced
 * @param anonymousUid the replacement, 0 to 2^32-1
 * @param anonymousGid the replacement, 0 to 2^32-1
 * @param securePort whether clients must call from a port below 1024
 * @param vaaiAllowed whether the VAAI door may serve this volume
 */
public record ExportOptions(
    List<AddressRange> clients,
    boolean readOnly,
    Squash squash,
    long anonymousUid,
    long anonymousGid,
    boolean securePort,
    boolean vaaiAllowed) {
  /** The user and group that nobody is. */
  public static final long NOBODY = 65534;

  /** For everyone, read-write, root stays root, any port: what a lab and an ESXi host need. */
  public static final ExportOptions DEFAULT =
      new ExportOptions(List.of(), false, Squash.NONE, NOBODY, NOBODY, false, true);

  public ExportOptions {
    clients = List.copyOf(clients);
    Objects.requireNonNull(squash);
    requireId("anonymous user", anonymousUid);
    requireId("anonymous group", anonymousGid);
  }

  public ExportOptions withClients(List<AddressRange> newClients) {
    return new ExportOptions(
        newClients, readOnly, squash, anonymousUid, anonymousGid, securePort, vaaiAllowed);
  }

  public ExportOptions withReadOnly(boolean newReadOnly) {
    return new ExportOptions(
        clients, newReadOnly, squash, anonymousUid, anonymousGid, securePort, vaaiAllowed);
  }

  public ExportOptions withSquash(Squash newSquash) {
    return new ExportOptions(
        clients, readOnly, newSquash, anonymousUid, anonymousGid, securePort, vaaiAllowed);
  }

  public ExportOptions withSecurePort(boolean newSecurePort) {
    return new ExportOptions(
        clients, readOnly, squash, anonymousUid, anonymousGid, newSecurePort, vaaiAllowed);
  }

  public ExportOptions withVaaiAllowed(boolean newVaaiAllowed) {
    return new ExportOptions(
        clients, readOnly, squash, anonymousUid, anonymousGid, securePort, newVaaiAllowed);
  }

  private static void requireId(String what, long id) {
    if (id < 0 || id > 0xffff_ffffL) {
      throw new IllegalArgumentException(what + " " + id + ", 0 to 2^32-1");
    }
  }
}
