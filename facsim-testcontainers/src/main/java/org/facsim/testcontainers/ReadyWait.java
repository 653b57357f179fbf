/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.output.OutputFrame.OutputType;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/**
 * Waits until the array says that it is ready, which it does after seeding, and then until NFS and
 * HTTP answer through the published ports. A program that ends, for example because of a wrong
 * option, is not waited for: its own words are the failure.
 */
final class ReadyWait extends AbstractWaitStrategy {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 50;

  private final Supplier<InetSocketAddress> nfs;
  private final Supplier<URI> http;
  private final String token;

  ReadyWait(Supplier<InetSocketAddress> nfs, Supplier<URI> http, String token) {
    this.token = token;
    this.nfs = nfs;
    this.http = http;
    startupTimeout = LIMIT;
  }

  @Override
  protected void waitUntilReady() {
    long end = System.nanoTime() + startupTimeout.toNanos();
    String lacking = lacking();
    while (!lacking.isEmpty()) {
      if (!waitStrategyTarget.isRunning()) {
        throw new ContainerLaunchException(
            "facsim ended instead of serving: " + waitStrategyTarget.getLogs().strip());
      }
      if (System.nanoTime() - end > 0) {
        throw new ContainerLaunchException(
            "not ready within %s: %s; it said: %s"
                .formatted(startupTimeout, lacking, waitStrategyTarget.getLogs().strip()));
      }
      pause();
      lacking = lacking();
    }
  }

  /** What is not there so far; nothing if the array is ready. */
  private String lacking() {
    if (!waitStrategyTarget.getLogs(OutputType.STDOUT).contains("{\"ready\":true")) {
      return "no ready line";
    }
    try {
      NfsNull.call(nfs.get(), CALL_LIMIT);
    } catch (IOException e) {
      return "NFS does not answer at " + nfs.get() + " (" + e.getMessage() + ")";
    }
    try {
      new HttpDoor(http.get(), token).get("/api/v1/array");
    } catch (RuntimeException e) {
      return "HTTP does not answer: " + e.getMessage();
    }
    return "";
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ContainerLaunchException("interrupted while the array starts", e);
    }
  }
}
