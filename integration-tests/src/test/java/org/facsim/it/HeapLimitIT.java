/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Exception;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Sattr3;
import org.junit.jupiter.api.Test;

/** The program at the end of its heap. */
class HeapLimitIT {
  /** Calls that the creating client has on their way. */
  private static final int WINDOW = 64;

  /** More than can be made in the heap of this test. */
  private static final int TOO_MANY = 3_000_000;

  private static final String LONG_NAME = "n".repeat(195);

  /** Names that were tried. */
  private int made;

  @Test
  void aHeapTooSmallToServeEndsTheProgramWithOneLineAndExitCode3() {
    Processes.Outcome outcome =
        Processes.run(
            List.of(
                "env",
                "FACSIM_JAVA_OPTS=-Xmx6m",
                Processes.launcher().toString(),
                "serve",
                "--nfs-port",
                "0",
                "--volume",
                "v=64MiB"));
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).hasSize(1).first().asString().contains("OutOfMemoryError");
  }

  @Test
  void aClientThatMakesFilesWithoutEndIsRefusedAndNobodyElseWaits() throws Exception {
    List<String> smallHeap = List.of("env", "FACSIM_JAVA_OPTS=-Xmx64m");
    try (FacsimServer server =
        FacsimServer.start(smallHeap, 0, "--volume", "v=1GiB", "--http-port", "0")) {
      try (GoodClient abuser = new GoodClient(server);
          GoodClient good = new GoodClient(server)) {
        createUntilRefused(abuser, good);
        assertThat(made).as("files made").isBetween(20_000, TOO_MANY - 1);
        for (int i = 0; i < 20; i++) {
          assertThat(statusOf(create(abuser.nfs, abuser, name(TOO_MANY + i))))
              .isEqualTo(Nfs3Status.NOSPC);
          good.assertServed();
        }
        assertThat(good.httpStatus()).isEqualTo(200);
        remove(good, 0, 1000);
        for (int i = 0; i < 500; i++) {
          assertThat(statusOf(create(abuser.nfs, abuser, name(i)))).isEqualTo(Nfs3Status.OK);
          if (i % 100 == 0) {
            good.assertServed();
          }
        }
        remove(good, 1000, made);
        good.assertWorks();
        createUntilRefused(abuser, good);
      }
      assertThat(server.errors()).doesNotContain("OutOfMemory").doesNotContain("\tat ");
      assertThat(server.terminate()).as("with the heap full").isZero();
    }
  }

  private void createUntilRefused(GoodClient abuser, GoodClient good) throws Exception {
    Deque<CompletableFuture<?>> onTheirWay = new ArrayDeque<>();
    Nfs3Status status = Nfs3Status.OK;
    while (status == Nfs3Status.OK && made < TOO_MANY) {
      onTheirWay.add(create(abuser.nfs, abuser, name(made)));
      made++;
      if (onTheirWay.size() == WINDOW) {
        status = statusOf(onTheirWay.remove());
      }
      if (made % 5000 == 0) {
        good.assertServed();
      }
    }
    while (!onTheirWay.isEmpty()) {
      Nfs3Status each = statusOf(onTheirWay.remove());
      assertThat(each).isIn(Nfs3Status.OK, Nfs3Status.NOSPC);
    }
    assertThat(status).isEqualTo(Nfs3Status.NOSPC);
  }

  /** Those that were made of a range. */
  private static void remove(GoodClient client, int from, int to) throws Exception {
    Deque<CompletableFuture<?>> onTheirWay = new ArrayDeque<>();
    for (int number = from; number < to; number++) {
      onTheirWay.add(client.nfs.remove(client.root, name(number)));
      if (onTheirWay.size() == WINDOW) {
        assertThat(statusOf(onTheirWay.remove())).isIn(Nfs3Status.OK, Nfs3Status.NOENT);
      }
    }
    while (!onTheirWay.isEmpty()) {
      assertThat(statusOf(onTheirWay.remove())).isIn(Nfs3Status.OK, Nfs3Status.NOENT);
    }
  }

  private static String name(int number) {
    return LONG_NAME + "%010d".formatted(number);
  }

  private static CompletableFuture<?> create(Nfs3Client client, GoodClient of, String name) {
    return client.create(of.root, name, new Create3.Guarded(Sattr3.NONE));
  }

  private static Nfs3Status statusOf(CompletableFuture<?> call) throws Exception {
    try {
      call.get(20, TimeUnit.SECONDS);
      return Nfs3Status.OK;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Nfs3Exception refused) {
        return refused.status();
      }
      throw e;
    }
  }
}
