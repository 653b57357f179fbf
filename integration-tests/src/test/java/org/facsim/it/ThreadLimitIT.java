/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The program where the host lets it make no more threads: everybody is served with those that it
 * has, and SIGTERM, for which the JVM makes new ones, ends it with 0.
 */
class ThreadLimitIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String NO_MORE_THREADS = "lets this process make no more threads";

  private interface Steps {
    void run(FacsimServer server, ThreadLimit limit) throws Exception;
  }

  private static void inGroup(Steps steps) throws Exception {
    Optional<ThreadLimit> made = ThreadLimit.make();
    Assumptions.assumeTrue(made.isPresent(), "no control group of our own for threads here");
    try (ThreadLimit limit = made.get()) {
      FacsimServer server =
          FacsimServer.start(limit.prefix(), 0, "--volume", "v=64MiB", "--http-port", "0");
      try (server) {
        steps.run(server, limit);
      }
    }
  }

  @Test
  void withoutAThreadLeftEverybodyIsServedAndSigtermEndsIt() throws Exception {
    inGroup(
        (server, limit) -> {
          try (GoodClient good = new GoodClient(server)) {
            limit.awaitSteady();
            limit.limitToThoseThereAnd(0);
            List<GoodClient> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              others.add(new GoodClient(server));
              good.assertServed();
              assertThat(good.httpStatus()).isEqualTo(200);
            }
            others.forEach(GoodClient::close);
            good.assertWorks();
            await().atMost(LIMIT).until(() -> server.errors().contains(NO_MORE_THREADS));
            good.assertWorks();
          }
          assertThat(server.errors().lines().filter(line -> line.contains("OutOfMemory")))
              .as("nothing that serves wants a thread")
              .isEmpty();
          assertThat(server.terminate()).isZero();
        });
  }

  @Test
  void whenThereAreThreadsAgainAllIsAsBefore() throws Exception {
    inGroup(
        (server, limit) -> {
          try (GoodClient good = new GoodClient(server)) {
            limit.awaitSteady();
            limit.limitToThoseThereAnd(0);
            await().atMost(LIMIT).until(() -> server.errors().contains(NO_MORE_THREADS));
            limit.lift();
            good.assertWorks();
          }
          assertThat(server.terminate()).isZero();
        });
  }
}
