/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets in when all places are taken, and whose place that is. */
class ConnectionSharesTest {
  private static final int PLACES = 8;

  private final EchoServer server =
      new EchoServer(options -> options.withMaxConnections(PLACES).withEventLoops(1));

  private final List<RawConnection> connections = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (RawConnection connection : connections) {
      connection.disconnect();
    }
    server.close();
  }

  /** From the n-th address of this machine. */
  private RawConnection connect(int n) throws IOException {
    RawConnection connection =
        new RawConnection(server.address(), 0, InetAddress.getByName("127.0.0." + n));
    connections.add(connection);
    return connection;
  }

  private static boolean serves(RawConnection connection) throws IOException {
    connection.send(RawConnection.call(1, EchoProgram.NULL, out -> {}));
    return connection.readRecord().readInt() == 1;
  }

  private List<RawConnection> fill(int from, int count) throws IOException {
    List<RawConnection> filling = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      filling.add(connect(from));
      assertThat(serves(filling.get(i))).isTrue();
    }
    return filling;
  }

  @Test
  void whoHasNoneGetsThePlaceOfTheNewestIdleOneOfWhoHasMost() throws Exception {
    List<RawConnection> many = fill(1, PLACES - 2);
    List<RawConnection> few = fill(2, 2);
    assertThat(serves(connect(3))).isTrue();
    assertThat(many.get(PLACES - 3).isClosedByPeer()).isTrue();
    assertThat(serves(connect(3))).isTrue();
    assertThat(many.get(PLACES - 4).isClosedByPeer()).isTrue();
    for (RawConnection connection : many.subList(0, PLACES - 4)) {
      assertThat(serves(connection)).isTrue();
    }
    assertThat(serves(few.get(0)) && serves(few.get(1))).isTrue();
    assertThat(server.server.connectionCount()).isEqualTo(PLACES);
    assertThat(server.log.lines).hasSize(2);
  }

  @Test
  void whoHasAllPlacesLocksOutItselfAlone() throws Exception {
    List<RawConnection> all = fill(1, PLACES);
    assertThat(connect(1).isClosedByPeer()).isTrue();
    for (RawConnection connection : all) {
      assertThat(serves(connection)).isTrue();
    }
    assertThat(serves(connect(2))).isTrue();
  }

  @Test
  void aConnectionWithACallUnderWayIsNotClosedForOthers() throws Exception {
    List<RawConnection> all = fill(1, PLACES);
    all.get(PLACES - 1).send(RawConnection.call(7, EchoProgram.DEFER, out -> {}));
    await().until(() -> !server.program.deferred.isEmpty());
    assertThat(serves(connect(2))).isTrue();
    assertThat(all.get(PLACES - 2).isClosedByPeer()).isTrue();
    EchoProgram.Deferred call = server.program.deferred.poll();
    call.reply().complete(out -> {});
    call.arguments().release();
    assertThat(all.get(PLACES - 1).readRecord().readInt()).isEqualTo(7);
  }

  @Test
  void ofManyClientsWithOneConnectionEachTheNewestIdleOneLeaves() throws Exception {
    List<RawConnection> each = new ArrayList<>();
    for (int n = 1; n <= PLACES; n++) {
      each.addAll(fill(n, 1));
    }
    assertThat(serves(connect(100))).isTrue();
    assertThat(each.get(PLACES - 1).isClosedByPeer()).isTrue();
    assertThat(serves(each.get(0))).isTrue();
  }
}
