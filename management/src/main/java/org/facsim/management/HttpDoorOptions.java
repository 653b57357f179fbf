/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * The settings of the HTTP door.
 *
 * @param listen the address to listen on; port 0 takes a free one
 * @param hostNames names and addresses in {@code Host} that are accepted beside those that {@link
 *     AllowedHosts} always allows
 * @param maxConnections the most connections in all; at least 1. The door needs one file descriptor
 *     for each
 * @param maxConnectionsPerAddress the most connections of one client address; at least 1
 * @param idleTimeout a connection on which nothing moves for this long is closed
 * @param stopTimeout how long a closing door waits for requests under way
 * @param commandPatience how long one request waits for the end of a command on a host of the lab;
 *     shorter than {@code idleTimeout}
 * @param shown what the program says of itself
 * @param security who may use the door
 */
public record HttpDoorOptions(
    InetSocketAddress listen,
    Set<String> hostNames,
    int maxConnections,
    int maxConnectionsPerAddress,
    Duration idleTimeout,
    Duration stopTimeout,
    Duration commandPatience,
    ShownConfiguration shown,
    HttpSecurity security) {
  /** An eighth of 2,048, the smallest limit of file descriptors for a process. */
  public static final int DEFAULT_CONNECTIONS = 256;

  /** A quarter of all connections. */
  public static final int DEFAULT_CONNECTIONS_PER_ADDRESS = 64;

  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  /** Half of what container runtimes leave between SIGTERM and SIGKILL. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration COMMAND_PATIENCE = Duration.ofSeconds(20);

  public HttpDoorOptions {
    Objects.requireNonNull(listen);
    hostNames = Set.copyOf(hostNames);
    if (maxConnections < 1 || maxConnectionsPerAddress < 1) {
      throw new IllegalArgumentException(
          maxConnections + " connections, " + maxConnectionsPerAddress + " of an address");
    }
  }

  /** The program's settings for an address. */
  public static HttpDoorOptions listeningOn(InetSocketAddress listen) {
    return new HttpDoorOptions(
        listen,
        Set.of(),
        DEFAULT_CONNECTIONS,
        DEFAULT_CONNECTIONS_PER_ADDRESS,
        IDLE_TIMEOUT,
        STOP_TIMEOUT,
        COMMAND_PATIENCE,
        ShownConfiguration.NONE,
        HttpSecurity.NONE);
  }

  public HttpDoorOptions withHostNames(Set<String> names) {
    return new HttpDoorOptions(
        listen,
        names,
        maxConnections,
        maxConnectionsPerAddress,
        idleTimeout,
        stopTimeout,
        commandPatience,
        shown,
        security);
  }

  HttpDoorOptions withConnections(int all, int perAddress) {
    return new HttpDoorOptions(
        listen,
        hostNames,
        all,
        perAddress,
        idleTimeout,
        stopTimeout,
        commandPatience,
        shown,
        security);
  }

  HttpDoorOptions withTimeouts(Duration idle, Duration stop) {
    return new HttpDoorOptions(
        listen,
        hostNames,
        maxConnections,
        maxConnectionsPerAddress,
        idle,
        stop,
        commandPatience,
        shown,
        security);
  }

  HttpDoorOptions withCommandPatience(Duration patience) {
    return new HttpDoorOptions(
        listen,
        hostNames,
        maxConnections,
        maxConnectionsPerAddress,
        idleTimeout,
        stopTimeout,
        patience,
        shown,
        security);
  }

  HttpDoorOptions withShown(ShownConfiguration configuration) {
    return new HttpDoorOptions(
        listen,
        hostNames,
        maxConnections,
        maxConnectionsPerAddress,
        idleTimeout,
        stopTimeout,
        commandPatience,
        configuration,
        security);
  }

  HttpDoorOptions withSecurity(HttpSecurity wanted) {
    return new HttpDoorOptions(
        listen,
        hostNames,
        maxConnections,
        maxConnectionsPerAddress,
        idleTimeout,
        stopTimeout,
        commandPatience,
        shown,
        wanted);
  }
}
