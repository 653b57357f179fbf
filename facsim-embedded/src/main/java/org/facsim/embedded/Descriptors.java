/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How the files that this process may have open are shared. */
final class Descriptors {
  /** Connections of NFS where descriptors are plenty. */
  static final int MAX_CONNECTIONS = 4096;

  /** Jars, logs, event loops, the data directory. */
  private static final int OWN_FILES = 128;

  private static final int LEAST_CONNECTIONS = 16;

  private Descriptors() {}

  /** Three quarters of what is left beside our own files; the rest is for HTTP and callbacks. */
  static int forNfs() {
    try {
      return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
          ? forNfs(unix.getMaxFileDescriptorCount())
          : MAX_CONNECTIONS;
    } catch (LinkageError e) {
      return MAX_CONNECTIONS; // a runtime without the module jdk.management
    }
  }

  static int forNfs(long maxDescriptors) {
    long share = (maxDescriptors - OWN_FILES) * 3 / 4;
    return (int) Math.max(LEAST_CONNECTIONS, Math.min(MAX_CONNECTIONS, share));
  }
}
