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
 * @param vaaiAllowed whether the VAAI door may serve the volume to these clients
 */
public record ExportOptions(
    boolean readOnly,
    Squash squash,
    long anonymousUid,
    long anonymousGid,
    boolean securePort,
    Set<NfsVersion> versions,
    boolean vaaiAllowed) {
  /** The ids of the user and group "nobody". */
  public static final long NOBODY = 65534;

  /**
   * Read-write, root stays root, any port, every supported version: what a lab and an ESXi host
   * need.
   */
  public static final ExportOptions DEFAULT =
      new ExportOptions(false, Squash.NONE, NOBODY, NOBODY, false, NfsVersion.served(), true);

  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  public ExportOptions {
    Objects.requireNonNull(squash);
    requireId("anonymous user", anonymousUid);
    requireId("anonymous group", anonymousGid);
    versions = Sets.immutableEnumSet(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("an export for no version of NFS");
    }
  }

  public ExportOptions withReadOnly(boolean newReadOnly) {
    return new ExportOptions(
        newReadOnly, squash, anonymousUid, anonymousGid, securePort, versions, vaaiAllowed);
  }

  public ExportOptions withSquash(Squash newSquash) {
    return new ExportOptions(
        readOnly, newSquash, anonymousUid, anonymousGid, securePort, versions, vaaiAllowed);
  }

  /** With other anonymous ids, each 0 to 2^32-1. */
  public ExportOptions withAnonymous(long newUid, long newGid) {
    return new ExportOptions(readOnly, squash, newUid, newGid, securePort, versions, vaaiAllowed);
  }

  public ExportOptions withSecurePort(boolean newSecurePort) {
    return new ExportOptions(
        readOnly, squash, anonymousUid, anonymousGid, newSecurePort, versions, vaaiAllowed);
  }

  public ExportOptions withVersions(Set<NfsVersion> newVersions) {
    return new ExportOptions(
        readOnly,
        squash,
        anonymousUid,
        anonymousGid,
        securePort,
        ImmutableSet.copyOf(newVersions),
        vaaiAllowed);
  }

  public ExportOptions withVaaiAllowed(boolean newVaaiAllowed) {
    return new ExportOptions(
        readOnly, squash, anonymousUid, anonymousGid, securePort, versions, newVaaiAllowed);
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
