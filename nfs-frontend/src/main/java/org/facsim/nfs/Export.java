/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.facsim.array.Caller;
import org.facsim.array.Volume;
import org.facsim.protocol.rpc.Credential;

/** A volume that NFS clients may mount as {@code /NAME}, and on what terms. Immutable. */
public final class Export {
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private final Volume volume;
  private final ExportOptions options;
  private final String path;
  private final boolean admitsEveryone;
  private final Caller anonymous;

  Export(Volume volume, ExportOptions options) {
    this.volume = Objects.requireNonNull(volume);
    this.options = Objects.requireNonNull(options);
    this.path = "/" + volume.name();
    this.admitsEveryone = options.clients().isEmpty() && !options.securePort();
    this.anonymous = new Caller(options.anonymousUid(), options.anonymousGid(), List.of());
  }

  public Volume volume() {
    return volume;
  }

  public ExportOptions options() {
    return options;
  }

  /** What clients mount: {@code /} and the volume's name. */
  public String path() {
    return path;
  }

  public boolean isReadOnly() {
    return options.readOnly();
  }

  /** Whether this client may use the export at all. */
  public boolean admits(InetSocketAddress client) {
    return admitsEveryone || (admitsPort(client) && admitsAddress(client));
  }

  private boolean admitsPort(InetSocketAddress client) {
    return !options.securePort() || client.getPort() < FIRST_UNPRIVILEGED_PORT;
  }

  private boolean admitsAddress(InetSocketAddress client) {
    List<AddressRange> clients = options.clients();
    for (int i = 0; i < clients.size(); i++) {
      if (clients.get(i).contains(client.getAddress())) {
        return true;
      }
    }
    return clients.isEmpty();
  }

  /** On whose behalf a call with this credential runs here; without one, anonymously. */
  public Caller caller(Credential credential) {
    if (!(credential instanceof Credential.Sys sys)) {
      return anonymous;
    }
    return switch (options.squash()) {
      case NONE -> new Caller(sys.uid(), sys.gid(), sys.groups());
      case ROOT -> withoutRoot(sys);
      case ALL -> anonymous;
    };
  }

  private Caller withoutRoot(Credential.Sys sys) {
    long uid = sys.uid() == 0 ? options.anonymousUid() : sys.uid();
    long gid = sys.gid() == 0 ? options.anonymousGid() : sys.gid();
    if (!sys.groups().contains(0L)) {
      return new Caller(uid, gid, sys.groups());
    }
    List<Long> groups = new ArrayList<>(sys.groups());
    groups.replaceAll(group -> group == 0 ? options.anonymousGid() : group);
    return new Caller(uid, gid, groups);
  }

  @Override
  public String toString() {
    return path + " " + options;
  }
}
