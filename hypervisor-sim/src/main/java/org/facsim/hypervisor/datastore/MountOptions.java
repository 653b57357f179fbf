/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How an export is mounted.
 *
 * @param label the host's name for the datastore
 * @param server answers NFS, MOUNT and VAAI on one port; with {@code throughPortmap} its port
 *     mapper, on port 111 in the field
 * @param export such as {@code /datastore1}
 * @param connections TCP connections (nConnect); empty for what the host does by default
 * @param readOnly whether the host itself refuses to change anything
 * @param throughPortmap whether the port mapper tells where MOUNT and NFS are, as ESXi does it
 * @param version of NFS
 * @param otherServers with NFSv4.1, further addresses of the same server: session trunking
 */
public record MountOptions(
    String label,
    InetSocketAddress server,
    String export,
    OptionalInt connections,
    boolean readOnly,
    boolean throughPortmap,
    MountVersion version,
    List<InetSocketAddress> otherServers) {
  /** Of a datastore's label, in characters. */
  public static final int MAX_LABEL_LENGTH = 42;

  public MountOptions {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(connections, "connections");
    Objects.requireNonNull(version, "version");
    otherServers = List.copyOf(otherServers);
    if (version == MountVersion.NFS3 && !otherServers.isEmpty()) {
      throw new IllegalArgumentException(
          "%d servers; allowed: one with NFS 3, several with NFS 4.1"
              .formatted(1 + otherServers.size()));
    }
    if (label.isBlank() || label.length() > MAX_LABEL_LENGTH || label.contains("/")) {
      throw new IllegalArgumentException(
          "label \"%s\"; allowed: 1 to %d characters, no /".formatted(label, MAX_LABEL_LENGTH));
    }
    if (!export.startsWith("/")) {
      throw new IllegalArgumentException("export \"" + export + "\"; allowed: a path from /");
    }
  }

  /** Read-write, with the connections that the host makes by default. */
  public static MountOptions of(String label, InetSocketAddress server, String export) {
    return new MountOptions(
        label, server, export, OptionalInt.empty(), false, false, MountVersion.NFS3, List.of());
  }

  /** With that many connections ({@code -c}), 1 and more; the host's settings bound them. */
  public MountOptions withConnections(int count) {
    return with(OptionalInt.of(count), readOnly, throughPortmap, version, otherServers);
  }

  /** The host refuses to change anything. */
  public MountOptions asReadOnly() {
    return with(connections, true, throughPortmap, version, otherServers);
  }

  /** The server's address is that of its port mapper. */
  public MountOptions askingPortmap() {
    return with(connections, readOnly, true, version, otherServers);
  }

  /**
   * Over NFSv4.1 ({@code esxcli storage nfs41}).
   *
   * @param others further addresses of the same server
   */
  public MountOptions overNfs41(List<InetSocketAddress> others) {
    return with(connections, readOnly, false, MountVersion.NFS41, others);
  }

  /** All addresses, in the order in which they were given. */
  public List<InetSocketAddress> servers() {
    return Stream.concat(Stream.of(server), otherServers.stream()).toList();
  }

  private MountOptions with(
      OptionalInt count,
      boolean isReadOnly,
      boolean asksPortmap,
      MountVersion of,
      List<InetSocketAddress> others) {
    return new MountOptions(label, server, export, count, isReadOnly, asksPortmap, of, others);
  }
}
