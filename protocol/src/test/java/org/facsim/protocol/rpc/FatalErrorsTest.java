/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors on an event loop: who hears of them, and which cost a connection only. */
class FatalErrorsTest {
  private static final int FAIL = 1;
  private static final int FAIL_LATER = 2;
  private static final int LACK_MEMORY = 3;
  private static final int LACK_MEMORY_LATER = 4;
  private static final int ANSWER = 5;

  private static final class Failing implements RpcProgram {
    @Override
    public int number() {
      return EchoProgram.NUMBER;
    }

    @Override
    public int lowestVersion() {
      return 2;
    }

    @Override
    public int highestVersion() {
      return 2;
    }

    @Override
    public void call(RpcCall call) {
      switch (call.procedure()) {
        case FAIL -> throw new LinkageError("on purpose");
        case FAIL_LATER ->
            call.defer()
                .complete(
                    out -> {
                      throw new LinkageError("later, on purpose");
                    });
        case LACK_MEMORY -> throw noMemory();
        case LACK_MEMORY_LATER ->
            call.defer()
                .complete(
                    out -> {
                      throw noMemory();
                    });
        default -> call.reply();
      }
    }

    /** As the JVM says it. */
    private static OutOfMemoryError noMemory() {
      return new OutOfMemoryError(
          "Cannot reserve 65536 bytes of direct buffer memory (allocated: 1, limit: 1)");
    }
  }

  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final Thread.UncaughtExceptionHandler before =
      Thread.getDefaultUncaughtExceptionHandler();
  private final RecordingLogger log = new RecordingLogger();
  private final RpcServer server =
      RpcServer.start(
          RpcServerOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
          List.of(new Failing()),
          log);

  @BeforeEach
  void listen() {
    Thread.setDefaultUncaughtExceptionHandler((thread, cause) -> uncaught.add(cause));
  }

  @AfterEach
  void close() {
    Thread.setDefaultUncaughtExceptionHandler(before);
    server.close();
  }

  private static byte[] call(int procedure) {
    return RawConnection.call(7, procedure, out -> {});
  }

  @Test
  void anErrorOfAProgramIsHandedOnAtOnceAndLater() throws Exception {
    try (RawConnection connection = new RawConnection(server.address())) {
      connection.send(call(FAIL));
      await().dontCatchUncaughtExceptions().until(() -> uncaught.size() == 1);
      connection.send(call(FAIL_LATER));
      await().dontCatchUncaughtExceptions().until(() -> uncaught.size() == 2);
      assertThat(uncaught).allMatch(LinkageError.class::isInstance);
    }
  }

  @Test
  void theEndOfDirectMemoryCostsTheConnectionThatNeededItAndIsOneLine() throws Exception {
    try (RawConnection bystander = new RawConnection(server.address())) {
      for (int procedure : new int[] {LACK_MEMORY, LACK_MEMORY_LATER}) {
        try (RawConnection connection = new RawConnection(server.address())) {
          connection.send(call(procedure));
          assertThat(connection.isClosedByPeer()).isTrue();
        }
      }
      bystander.send(call(ANSWER));
      assertThat(bystander.readRecord().readInt()).isEqualTo(7);
      assertThat(uncaught).isEmpty();
      assertThat(log.lines)
          .hasSize(2)
          .allSatisfy(line -> assertThat(line).contains("-XX:MaxDirectMemorySize"));
    }
  }
}
