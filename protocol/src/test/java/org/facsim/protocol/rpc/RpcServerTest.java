/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.uring.IoUring;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RpcServerTest {
  @ParameterizedTest
  @EnumSource(RpcTransport.class)
  void everyTransportServes(RpcTransport transport) throws Exception {
    Assumptions.assumeTrue(
        transport != RpcTransport.IO_URING || IoUring.isAvailable(), "no io_uring here");
    try (EchoServer server = new EchoServer(options -> options.withTransport(transport));
        RpcEventLoops loops = RpcEventLoops.start(transport, 1, "rpc-client");
        RpcClient client = server.client(RpcClientOptions.defaults().withLoops(loops))) {
      for (int round = 0; round < 20; round++) {
        int bytes = 100_000 * (round % 11);
        int answered =
            client
                .call(
                    EchoProgram.NUMBER,
                    2,
                    EchoProgram.GATHER,
                    out -> {},
                    server.source.retainedSlice(0, bytes),
                    in -> in.skipBytes(4).equals(server.source.slice(0, bytes)) ? bytes : -1)
                .get(10, TimeUnit.SECONDS);
        assertThat(answered).isEqualTo(bytes);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RpcTransport.class,
      names = {"AUTOMATIC", "NIO"})
  void aTakenPortIsSaidClearly(RpcTransport transport) {
    try (EchoServer first = new EchoServer()) {
      RpcServerOptions taken =
          RpcServerOptions.listeningOn(first.address()).withTransport(transport);

      assertThatThrownBy(() -> RpcServer.start(taken, List.of(first.program)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage(
              "cannot listen on 127.0.0.1:"
                  + first.address().getPort()
                  + ": Address already in use")
          .hasCauseInstanceOf(BindException.class);
    }
  }

  @Test
  void twoProgramsForOneVersionAreRefused() {
    try (EchoServer first = new EchoServer()) {
      assertThatThrownBy(
              () -> RpcServer.start(EchoServer.options(), List.of(first.program, first.program)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closingTakesNoTimeAndEndsConnectionsAndThreads() throws Exception {
    EchoServer server = new EchoServer();
    try (RawConnection connection = server.connect()) {
      connection.send(RawConnection.call(1, EchoProgram.NULL, out -> {}));
      assertThat(connection.readRecord().readInt()).isEqualTo(1);
      long start = System.nanoTime();

      server.close();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(connection.isClosedByPeer()).isTrue();
      server.server.close();
    }
  }

  @Test
  void aServerOnSharedLoopsLeavesThemRunning() throws Exception {
    try (RpcEventLoops loops = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "shared");
        EchoServer first = new EchoServer(options -> options.withLoops(loops));
        EchoServer second = new EchoServer(options -> options.withLoops(loops));
        RpcClient client = second.client(RpcClientOptions.defaults().withLoops(loops))) {
      first.server.close();

      client
          .call(EchoProgram.NUMBER, 2, EchoProgram.NULL, out -> {}, in -> null)
          .get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void oneConnectionTooManyIsClosedAtOnce() throws Exception {
    try (EchoServer server = new EchoServer(options -> options.withMaxConnections(1));
        RawConnection first = server.connect()) {
      first.send(RawConnection.call(1, EchoProgram.NULL, out -> {}));
      assertThat(first.readRecord().readInt()).isEqualTo(1);
      try (RawConnection second = server.connect()) {
        assertThat(second.isClosedByPeer()).isTrue();
      }
      first.send(RawConnection.call(2, EchoProgram.NULL, out -> {}));
      assertThat(first.readRecord().readInt()).isEqualTo(2);
    }
  }

  @Test
  void anIdleConnectionIsClosedAndABusyOneIsNot() throws Exception {
    try (EchoServer server =
            new EchoServer(options -> options.withIdleTimeout(Duration.ofMillis(300)));
        RawConnection idle = server.connect();
        RawConnection busy = server.connect()) {
      await()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                busy.send(RawConnection.call(1, EchoProgram.NULL, out -> {}));
                busy.readRecord();
                return server.server.connectionCount() == 1;
              });
      assertThat(idle.isClosedByPeer()).isTrue();
    }
  }

  @Test
  void bytesOfAnUnfinishedRecordDieWithTheirConnection() throws Exception {
    try (EchoServer server = new EchoServer()) {
      try (RawConnection connection = server.connect()) {
        connection.send(RawConnection.hex("80100000 00000001"));
        connection.send(new byte[500_000]);
        connection.send(RawConnection.hex("00"));
      }
      await().until(() -> server.server.connectionCount() == 0);
    }
  }
}
