/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A server of {@link EchoProgram} on a free port of the loopback. */
final class EchoServer implements AutoCloseable {
  final ByteBuf source = PatternBuffer.ofBytes(EchoProgram.MAX_DATA_BYTES);
  final EchoProgram program = new EchoProgram(source);
  final RecordingLogger log = new RecordingLogger();
  final RpcServer server;

  EchoServer() {
    this(options -> options);
  }

  EchoServer(UnaryOperator<RpcServerOptions> changes) {
    server = RpcServer.start(changes.apply(options()), List.of(program), log);
  }

  static RpcServerOptions options() {
    return RpcServerOptions.listeningOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  InetSocketAddress address() {
    return server.address();
  }

  RawConnection connect() throws Exception {
    return new RawConnection(address());
  }

  RpcClient client() throws Exception {
    return client(RpcClientOptions.defaults());
  }

  RpcClient client(RpcClientOptions options) throws Exception {
    return RpcClient.connect(address(), options).get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    server.close();
    program.deferred.forEach(call -> call.arguments().release());
    source.release();
  }
}
