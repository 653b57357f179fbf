/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our client against our server, over a socket. */
class RpcRoundTripTest {
  private final ByteBuf source = PatternBuffer.ofBytes(EchoProgram.MAX_DATA_BYTES);
  private final EchoProgram program = new EchoProgram(source);
  private RpcServer server;
  private RpcClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(program));
    client = connect(RpcClientOptions.defaults());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    source.release();
  }

  private RpcClient connect(RpcClientOptions options) throws Exception {
    return RpcClient.connect(server.address(), options).get(10, TimeUnit.SECONDS);
  }

  private CompletableFuture<ByteBuf> echo(int procedure, int bytes) {
    ByteBuf payload = source.retainedSlice(0, bytes);
    return client.call(
        EchoProgram.NUMBER,
        3,
        procedure,
        out -> {},
        payload,
        in -> Xdr.readOpaqueSlice(in, EchoProgram.MAX_DATA_BYTES).retain());
  }

  @Test
  void pipelinedCallsAreAllAnswered() throws Exception {
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      answers.add(
          client.call(
              EchoProgram.NUMBER,
              2,
              EchoProgram.ECHO,
              out -> out.writeInt(number),
              ByteBuf::readInt));
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
    }
  }

  @Test
  void bulkDataComesBackUnchangedWhicheverWayItIsCarried() throws Exception {
    for (int procedure : new int[] {EchoProgram.ECHO, EchoProgram.GATHER}) {
      List<CompletableFuture<ByteBuf>> answers = new ArrayList<>();
      List<Integer> sizes = List.of(0, 1, 4095, 4096, 65_537, 262_144, 1 << 20, 999_999);
      for (int round = 0; round < 8; round++) {
        for (int bytes : sizes) {
          answers.add(echo(procedure, bytes));
        }
      }
      for (int i = 0; i < answers.size(); i++) {
        ByteBuf data = answers.get(i).get(20, TimeUnit.SECONDS);
        assertThat(data).isEqualTo(source.slice(0, sizes.get(i % sizes.size())));
        data.release();
      }
    }
  }
}
