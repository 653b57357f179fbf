/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.services.offload.session.SessionCalls;

/** A server of the VAAI program and a connection to it, for tests that look at bytes. */
final class VaaiWire implements AutoCloseable {
  static final Credential ROOT = new Credential.Sys(0, "host", 0, 0, List.of());

  private final RpcServer server;
  private final RpcClient client;
  private final List<RpcClient> clients = new ArrayList<>();

  VaaiWire(SessionCalls operations) {
    server =
        RpcServer.start(
            RpcServerOptions.listeningOn(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(new VaaiProgram(operations)));
    client = connect(ROOT);
  }

  /** One more connection; closed with the wire. */
  RpcClient connect(Credential credential) {
    RpcClient connected =
        await(
            RpcClient.connect(
                server.address(), RpcClientOptions.defaults().withCredential(credential)));
    clients.add(connected);
    return connected;
  }

  int port() {
    return server.address().getPort();
  }

  RpcClient client() {
    return client;
  }

  /** The lowest version that has a procedure. */
  static int versionOf(int procedure) {
    return procedure < VaaiNas.PROC_UNMAP_GRANULARITY ? VaaiNas.VERSION : VaaiNas.VERSION_2;
  }

  /** All bytes that a call answers behind the RPC header, in hex. */
  String reply(int procedure, VaaiMessage call) {
    return reply(versionOf(procedure), procedure, call::encode);
  }

  String reply(int version, int procedure, Consumer<ByteBuf> arguments) {
    return await(
        client.call(
            VaaiNas.PROGRAM,
            version,
            procedure,
            arguments,
            in -> {
              String hex = ByteBufUtil.hexDump(in);
              in.skipBytes(in.readableBytes());
              return hex;
            }));
  }

  /** Why a call has no results. */
  RpcFailure refusal(int version, int procedure, Consumer<ByteBuf> arguments) {
    try {
      throw new AssertionError("answered " + reply(version, procedure, arguments));
    } catch (RpcException refused) {
      return refused.failure();
    }
  }

  static String bytes(VaaiMessage message) {
    ByteBuf out = Unpooled.buffer();
    message.encode(out);
    return ByteBufUtil.hexDump(out);
  }

  static String bytes(VaaiReply<?> reply) {
    ByteBuf out = Unpooled.buffer();
    reply.encode(out);
    return ByteBufUtil.hexDump(out);
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    clients.forEach(RpcClient::close);
    server.close();
  }
}
