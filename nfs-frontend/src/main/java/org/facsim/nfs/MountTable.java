/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.facsim.protocol.mount.MountDump;

/**
 * Which clients have mounted what, for MOUNT's DUMP. It is only a hint, as RFC 1813 section 5.2.2
 * says, because clients forget to unmount. It is bounded: the newest line replaces the oldest.
 * Thread-safe.
 */
final class MountTable {
  static final int MAX_LINES = 1024;

  private final Set<MountDump.Line> lines = new LinkedHashSet<>();

  synchronized void add(String hostName, String path) {
    MountDump.Line line = new MountDump.Line(hostName, path);
    lines.remove(line);
    if (lines.size() >= MAX_LINES) {
      lines.remove(lines.iterator().next());
    }
    lines.add(line);
  }

  synchronized void remove(String hostName, String path) {
    lines.remove(new MountDump.Line(hostName, path));
  }

  synchronized void removeAll(String hostName) {
    lines.removeIf(line -> line.hostName().equals(hostName));
  }

  synchronized List<MountDump.Line> lines() {
    return new ArrayList<>(lines);
  }
}
