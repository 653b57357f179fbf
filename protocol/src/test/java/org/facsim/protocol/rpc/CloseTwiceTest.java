/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that can be closed may be closed again, which does nothing. */
@Timeout(60)
class CloseTwiceTest {
  private static void twice(AutoCloseable thing) {
    assertThatCode(
            () -> {
              thing.close();
              thing.close();
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aServerAndItsClient() throws Exception {
    try (EchoServer echo = new EchoServer()) {
      RpcClient client = echo.client();
      twice(client);
      twice(echo.server);
      twice(client);
      assertThat(echo.server.connectionCount()).isZero();
    }
  }

  @Test
  void aDatagramServer() throws Exception {
    try (EchoServer echo = new EchoServer()) {
      twice(RpcDatagramServer.start(EchoServer.options(), List.of(echo.program)));
    }
  }

  @Test
  void eventLoopsWithoutAndWithATaskThatWaits() {
    twice(RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "unused"));
    RpcEventLoops used = RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "used");
    used.schedule(() -> {}, Duration.ofHours(1));
    twice(used);
  }
}
