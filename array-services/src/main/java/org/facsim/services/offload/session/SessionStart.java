/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * How a host asks for a session.
 *
 * @param exportPath the path as given to MOUNT, at most {@value #MAX_EXPORT_PATH_BYTES} bytes
 * @param clientName the host's name, for logs; at most {@value #MAX_CLIENT_NAME_BYTES} bytes
 * @param fileSystemVersion the NFS version of the host's mount: 3 for NFSv3, 41 for NFSv4.1
 * @param timeoutSeconds how long the host waits for any one answer; 0 asks for {@value
 *     HostSessions#DEFAULT_TIMEOUT_SECONDS}
 */
public record SessionStart(
    String exportPath, String clientName, long fileSystemVersion, long timeoutSeconds) {
  public static final int MAX_EXPORT_PATH_BYTES = 1024;

  public static final int MAX_CLIENT_NAME_BYTES = 255;

  /**
   * @throws IllegalArgumentException if a text is too long
   */
  public SessionStart {
    requireAtMost(MAX_EXPORT_PATH_BYTES, "export path", exportPath);
    requireAtMost(MAX_CLIENT_NAME_BYTES, "client name", clientName);
  }

  private static void requireAtMost(int maxBytes, String what, String text) {
    int lengthBytes = text.getBytes(UTF_8).length;
    if (lengthBytes > maxBytes) {
      throw new IllegalArgumentException(
          what + " of " + lengthBytes + " bytes, at most " + maxBytes);
    }
  }
}
