/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.facsim.protocol.xdr.Xdr;

/** A server that keeps the peers that ask it to, for the test to call, and calls back itself. */
final class PeerServer implements AutoCloseable {
  /** The server's own program; {@link EchoProgram} is there, too. */
  static final int NUMBER = 0x2000_4712;

  /** Keeps the peer. */
  static final int KEEP = 1;

  /** Answers what the peer's ECHO makes of the arguments, as the recall of a delegation would. */
  static final int ROUND = 2;

  /** Answers whether the caller can be called. */
  static final int HAS_PEER = 3;

  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Duration SHORT = Duration.ofMillis(200);

  final ByteBuf source = PatternBuffer.ofBytes(EchoProgram.MAX_DATA_BYTES);
  final EchoProgram echo = new EchoProgram(source);
  final RecordingLogger log = new RecordingLogger();
  final BlockingQueue<RpcPeer> peers = new LinkedBlockingQueue<>();
  final RpcServer server;

  PeerServer() {
    this(options -> options);
  }

  PeerServer(UnaryOperator<RpcServerOptions> changes) {
    server =
        RpcServer.start(changes.apply(EchoServer.options()), List.of(echo, new Keeper(peers)), log);
  }

  /** The program, also for a server of datagrams. */
  record Keeper(BlockingQueue<RpcPeer> peers) implements RpcProgram {
    @Override
    public int number() {
      return NUMBER;
    }

    @Override
    public int lowestVersion() {
      return 1;
    }

    @Override
    public int highestVersion() {
      return 1;
    }

    @Override
    public void call(RpcCall call) {
      switch (call.procedure()) {
        case KEEP -> {
          call.reply();
          peers.add(call.origin().peer().orElseThrow());
        }
        case ROUND -> round(call);
        case HAS_PEER -> call.reply().writeInt(call.origin().peer().isPresent() ? 1 : 0);
        default -> call.procedureUnavailable();
      }
    }

    private static void round(RpcCall call) {
      byte[] data = ByteBufUtil.getBytes(call.arguments());
      RpcCall.DeferredReply reply = call.defer();
      RpcCaller back = call.origin().peer().orElseThrow().calling(new Credential.None(), PATIENCE);
      var unused =
          echo(back, data)
              .whenComplete(
                  (echoed, failure) -> {
                    if (failure == null) {
                      reply.complete(out -> out.writeBytes(echoed));
                    } else {
                      reply.fail(failure);
                    }
                  });
    }
  }

  /** ECHO of whatever is there. */
  static CompletableFuture<byte[]> echo(RpcCaller caller, byte[] data) {
    return caller.call(
        EchoProgram.NUMBER,
        2,
        EchoProgram.ECHO,
        out -> out.writeBytes(data),
        ByteBufUtil::getBytes);
  }

  /** A call with an integer as argument and result. */
  static CompletableFuture<Integer> call(RpcCaller caller, int procedure, int number) {
    return caller.call(
        EchoProgram.NUMBER, 2, procedure, out -> out.writeInt(number), ByteBuf::readInt);
  }

  /** Sends data as the payload of a call, and takes its length. */
  CompletableFuture<Integer> sink(RpcCaller caller, int bytes) {
    return caller.call(
        EchoProgram.NUMBER,
        2,
        EchoProgram.SINK,
        out -> {},
        source.retainedSlice(0, bytes),
        Xdr::readInt);
  }

  /** A client of this server that serves a program, and its peer at the server. */
  RpcClient client(RpcProgram... programs) throws Exception {
    return RpcClient.connect(
            server.address(),
            RpcClientOptions.defaults()
                .withTimeouts(PATIENCE, PATIENCE)
                .withPrograms(List.of(programs)))
        .get(10, TimeUnit.SECONDS);
  }

  RpcPeer peerOf(RpcClient client) throws Exception {
    client.call(NUMBER, 1, KEEP, out -> {}, in -> null).get(10, TimeUnit.SECONDS);
    return peers.take();
  }

  RpcPeer peerOf(RawConnection connection) throws Exception {
    connection.send(
        RawConnection.record(
            out -> {
              RawConnection.callHeader(out, 77, NUMBER, 1, KEEP);
              out.writeLong(0).writeLong(0);
            }));
    connection.readRecord();
    return peers.take();
  }

  static RpcCaller calling(RpcPeer peer, Duration timeout) {
    return peer.calling(new Credential.None(), timeout);
  }

  @Override
  public void close() {
    server.close();
    echo.deferred.forEach(call -> call.arguments().release());
    source.release();
  }
}
