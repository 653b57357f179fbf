/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How the HTTP door is opened.
 *
 * @param listen where; port 0 takes a free one
 * @param hostNames names and addresses in {@code Host} that are answered beside those that {@link
 *     AllowedHosts} always allows
 * @param maxConnections in all; at least 1. The door needs one file descriptor for each
 * @param maxConnectionsPerAddress of one client's address; at least 1
 * @param idleTimeout after which a connection on which nothing moves is closed
 * @param stopTimeout for which requests under way are waited for when the door closes
 */
public record HttpDoorOptions(
    InetSocketAddress listen,
    Set<String> hostNames,
    int maxConnections,
    int maxConnectionsPerAddress,
    Duration idleTimeout,
    Duration stopTimeout) {
  /** An eighth of the 2,048 file descriptors that the smallest hosts give a process. */
  public static final int DEFAULT_CONNECTIONS = 256;

  /** A quarter of all. */
  public static final int DEFAULT_CONNECTIONS_PER_ADDRESS = 64;

  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  /** Half of what container runtimes leave between SIGTERM and SIGKILL. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  public HttpDoorOptions {
    Objects.requireNonNull(listen);
    hostNames = Set.copyOf(hostNames);
    if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
      throw new IllegalArgumentException(
          maxConnections + " connections, " + maxConnectionsPerAddress + " of an address");
    }
  }

  /** The bounds of the program. */
  public static HttpDoorOptions listeningOn(InetSocketAddress listen) {
    return new HttpDoorOptions(
        listen,
        Set.of(),
        DEFAULT_CONNECTIONS,
        DEFAULT_CONNECTIONS_PER_ADDRESS,
        IDLE_TIMEOUT,
        STOP_TIMEOUT);
  }

  public HttpDoorOptions withHostNames(Set<String> names) {
    return new HttpDoorOptions(
        listen, names, maxConnections, maxConnectionsPerAddress, idleTimeout, stopTimeout);
  }

  HttpDoorOptions withConnections(int all, int perAddress) {
    return new HttpDoorOptions(listen, hostNames, all, perAddress, idleTimeout, stopTimeout);
  }

  HttpDoorOptions withTimeouts(Duration idle, Duration stop) {
    return new HttpDoorOptions(
        listen, hostNames, maxConnections, maxConnectionsPerAddress, idle, stop);
  }
}
