/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How an export is mounted, over NFS version 3.
 *
 * @param label the host's name for the datastore
 * @param server answers NFS, MOUNT and VAAI on one port; with {@code throughPortmap} its port
 *     mapper, on port 111 in the field
 * @param export such as {@code /datastore1}
 * @param connections TCP connections (nConnect); empty for what the host does by default
 * @param readOnly whether the host itself refuses to change anything
 * @param throughPortmap whether the port mapper tells where MOUNT and NFS are, as ESXi does it
 */
public record MountOptions(
    String label,
    InetSocketAddress server,
    String export,
    OptionalInt connections,
    boolean readOnly,
    boolean throughPortmap) {
  /** Of a datastore's label, in characters. */
  public static final int MAX_LABEL_LENGTH = 42;

  public MountOptions {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(connections, "connections");
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
    return new MountOptions(label, server, export, OptionalInt.empty(), false, false);
  }

  /** With that many connections ({@code -c}), 1 and more; the host's settings bound them. */
  public MountOptions withConnections(int count) {
    return new MountOptions(label, server, export, OptionalInt.of(count), readOnly, throughPortmap);
  }

  /** The host refuses to change anything. */
  public MountOptions asReadOnly() {
    return new MountOptions(label, server, export, connections, true, throughPortmap);
  }

  /** The server's address is that of its port mapper. */
  public MountOptions askingPortmap() {
    return new MountOptions(label, server, export, connections, readOnly, true);
  }
}
