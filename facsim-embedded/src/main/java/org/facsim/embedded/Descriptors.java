/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Divides the file descriptors of this process among those that need them. */
final class Descriptors {
  /** The most NFS connections, if there are enough descriptors. */
  static final int MAX_CONNECTIONS = 4096;

  /** Descriptors for jars, logs, event loops and the data directory. */
  private static final int OWN_FILES = 128;

  private static final int LEAST_CONNECTIONS = 16;

  private Descriptors() {}

  /**
   * The descriptors for NFS: three quarters of what is left after this process's own files. The
   * rest is for HTTP and callbacks.
   */
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
