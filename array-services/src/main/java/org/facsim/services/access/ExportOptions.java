/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.facsim.array.Caller;

/**
 * What a rule of an export lets its clients do. Checked on every call, not only at MOUNT.
 *
 * @param readOnly whether changes are refused
 * @param squash whose identity is replaced
 * @param anonymousUid the replacement, 0 to 2^32-1
 * @param anonymousGid the replacement, 0 to 2^32-1
 * @param securePort whether clients must call from a port below 1024
 * @param versions the versions of NFS that may be used, at least one
 * @param vaaiAllowed whether the VAAI door may serve the volume to these clients; its callers prove
 *     nothing, whatever {@code security} says
 * @param security how callers may prove who they are, at least one
 * @param transports how connections may be protected, at least one; {@code mtls} is {@code tls},
 *     too
 */
public record ExportOptions(
    boolean readOnly,
    Squash squash,
    long anonymousUid,
    long anonymousGid,
    boolean securePort,
    Set<NfsVersion> versions,
    boolean vaaiAllowed,
    Set<SecurityFlavor> security,
    Set<TransportSecurity> transports) {
  /** The ids of the user and group "nobody". */
  public static final long NOBODY = 65534;

  /**
   * Read-write, root stays root, any port, every supported version: what a lab and an ESXi host
   * need.
   */
  public static final ExportOptions DEFAULT =
      new ExportOptions(false, Squash.NONE, NOBODY, NOBODY, false, NfsVersion.served(), true);

  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  /** With the usual security. */
  public ExportOptions(
      boolean readOnly,
      Squash squash,
      long anonymousUid,
      long anonymousGid,
      boolean securePort,
      Set<NfsVersion> versions,
      boolean vaaiAllowed) {
    this(
        readOnly,
        squash,
        anonymousUid,
        anonymousGid,
        securePort,
        versions,
        vaaiAllowed,
        SecurityFlavor.standard(),
        TransportSecurity.standard());
  }

  public ExportOptions {
    Objects.requireNonNull(squash);
    requireId("anonymous user", anonymousUid);
    requireId("anonymous group", anonymousGid);
    versions = Sets.immutableEnumSet(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("an export for no version of NFS");
    }
    security = Sets.immutableEnumSet(security);
    transports = Sets.immutableEnumSet(transports);
    if (security.isEmpty() || transports.isEmpty()) {
      throw new IllegalArgumentException("an export that admits no security");
    }
  }

  public ExportOptions withReadOnly(boolean newReadOnly) {
    return new ExportOptions(
        newReadOnly,
        squash,
        anonymousUid,
        anonymousGid,
        securePort,
        versions,
        vaaiAllowed,
        security,
        transports);
  }

  public ExportOptions withSquash(Squash newSquash) {
    return new ExportOptions(
        readOnly,
        newSquash,
        anonymousUid,
        anonymousGid,
        securePort,
        versions,
        vaaiAllowed,
        security,
        transports);
  }

  /** With other anonymous ids, each 0 to 2^32-1. */
  public ExportOptions withAnonymous(long newUid, long newGid) {
    return new ExportOptions(
        readOnly, squash, newUid, newGid, securePort, versions, vaaiAllowed, security, transports);
  }

  public ExportOptions withSecurePort(boolean newSecurePort) {
    return new ExportOptions(
        readOnly,
        squash,
        anonymousUid,
        anonymousGid,
        newSecurePort,
        versions,
        vaaiAllowed,
        security,
        transports);
  }

  public ExportOptions withVersions(Set<NfsVersion> newVersions) {
    return new ExportOptions(
        readOnly,
        squash,
        anonymousUid,
        anonymousGid,
        securePort,
        ImmutableSet.copyOf(newVersions),
        vaaiAllowed,
        security,
        transports);
  }

  public ExportOptions withVaaiAllowed(boolean newVaaiAllowed) {
    return new ExportOptions(
        readOnly,
        squash,
        anonymousUid,
        anonymousGid,
        securePort,
        versions,
        newVaaiAllowed,
        security,
        transports);
  }

  public ExportOptions withSecurity(Set<SecurityFlavor> newSecurity) {
    return new ExportOptions(
        readOnly,
        squash,
        anonymousUid,
        anonymousGid,
        securePort,
        versions,
        vaaiAllowed,
        ImmutableSet.copyOf(newSecurity),
        transports);
  }

  public ExportOptions withTransports(Set<TransportSecurity> newTransports) {
    return new ExportOptions(
        readOnly,
        squash,
        anonymousUid,
        anonymousGid,
        securePort,
        versions,
        vaaiAllowed,
        security,
        ImmutableSet.copyOf(newTransports));
  }

  /** Whether a call that is protected in this way is admitted. */
  boolean admits(CallProtection protection) {
    TransportSecurity transport = protection.transport();
    boolean isSafe =
        transports.contains(transport)
            || (transport == TransportSecurity.MTLS && transports.contains(TransportSecurity.TLS));
    return isSafe && security.contains(protection.flavor());
  }

  private static void requireId(String what, long id) {
    if (id < 0 || id > 0xffff_ffffL) {
      throw new IllegalArgumentException(what + " " + id + ", 0 to 2^32-1");
    }
  }

  /** Whether a client may call from this port. */
  boolean admitsPort(int port) {
    return !securePort || port < FIRST_UNPRIVILEGED_PORT;
  }

  /**
   * The caller for whom a call runs here.
   *
   * @param claimed the caller that the client claims; null if it claims none
   * @return the same caller, or the anonymous one if it is squashed
   */
  public Caller squash(Caller claimed) {
    if (claimed == null || squash == Squash.ALL) {
      return new Caller(anonymousUid, anonymousGid, List.of());
    }
    return squash == Squash.ROOT ? withoutRoot(claimed) : claimed;
  }

  private Caller withoutRoot(Caller claimed) {
    boolean isRootSomewhere =
        claimed.uid() == 0 || claimed.gid() == 0 || claimed.groups().contains(0L);
    if (!isRootSomewhere) {
      return claimed;
    }
    List<Long> groups = new ArrayList<>(claimed.groups());
    groups.replaceAll(group -> group == 0 ? anonymousGid : group);
    return new Caller(
        claimed.uid() == 0 ? anonymousUid : claimed.uid(),
        claimed.gid() == 0 ? anonymousGid : claimed.gid(),
        groups);
  }
}
