/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls ONC RPC programs (RFC 5531) over one TCP connection. Thread-safe; any number of threads may
 * have calls under way, and replies may come in any order.
 *
 * <p>With {@link RpcClientOptions#withPrograms} the server may call over the same connection.
 *
 * <p>A future fails with an {@link RpcException} if the server refuses the call, the time runs out
 * or the connection ends, and with what the decoder threw if that was it. It completes on the
 * connection's event loop: what depends on it must not block there.
 */
public final class RpcClient implements RpcCaller, RpcPeer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcClient.class);
  private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

  private final Channel channel;
  private final CallingConnection connection;
  private final PeerCaller caller;
  private final RpcEventLoops ownLoops;

  private RpcClient(
      RpcClientOptions options,
      Channel channel,
      CallingConnection connection,
      RpcEventLoops ownLoops) {
    this.channel = channel;
    this.connection = connection;
    this.caller = new PeerCaller(connection.calls(), options.credential(), options.callTimeout());
    this.ownLoops = ownLoops;
  }

  /** Connects; fails with {@link RpcFailure#CONNECT_FAILED} and the cause. */
  public static CompletableFuture<RpcClient> connect(
      InetSocketAddress server, RpcClientOptions options) {
    RpcEventLoops ownLoops =
        options.loops().isPresent()
            ? null
            : RpcEventLoops.start(RpcTransport.AUTOMATIC, 1, "rpc-client");
    RpcEventLoops loops = options.loops().orElse(ownLoops);
    CallingConnection connection = connection(options);
    CompletableFuture<RpcClient> connected = new CompletableFuture<>();
    new Bootstrap()
        .group(loops.group())
        .channel(loops.clientChannel())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, RpcServer.WATER_MARKS)
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.min(Integer.MAX_VALUE, options.connectTimeout().toMillis()))
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                Pacing.avoid(channel);
                channel.pipeline().addLast((ChannelHandler) connection);
              }
            })
        .localAddress(options.localAddress().orElse(null))
        .connect(server)
        .addListener(
            (ChannelFuture future) -> {
              if (future.isSuccess()) {
                connected.complete(new RpcClient(options, future.channel(), connection, ownLoops));
                return;
              }
              if (ownLoops != null) {
                ownLoops.close();
              }
              connected.completeExceptionally(
                  new RpcException(
                      RpcFailure.CONNECT_FAILED,
                      server.getHostString() + ":" + server.getPort(),
                      future.cause()));
            });
    return connected;
  }

  private static CallingConnection connection(RpcClientOptions options) {
    return options.programs().isEmpty()
        ? new ClientConnection(options)
        : new ServerConnection(ServerContext.ofClient(options, LOG));
  }

  /**
   * Calls a procedure.
   *
   * @param arguments appends the encoded arguments; runs on the connection's event loop, once
   * @param results decodes the results; runs on the event loop. The bytes are the connection's and
   *     valid until it returns; to keep bulk data, retain a slice and release it later, which holds
   *     the whole receive buffer until then; copy what is small
   */
  @Override
  public <T> CompletableFuture<T> call(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      Function<ByteBuf, T> results) {
    return caller.call(program, version, procedure, arguments, results);
  }

  /**
   * Calls a procedure whose arguments end with variable-length opaque data.
   *
   * @param arguments appends what stands in front of the data's length
   * @param payload the data, sent without a copy with its length and padding; the client releases
   *     it, also if the call fails, and its bytes must not change until then
   * @param results as above
   */
  @Override
  public <T> CompletableFuture<T> call(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    return caller.call(program, version, procedure, arguments, payload, results);
  }

  /**
   * Sends a call under an xid of the caller's choice. In this way a call that was sent on a lost
   * connection, and may have been executed, can be sent again so that the server recognizes it.
   *
   * @param xid not that of a call under way here; a caller that uses this method must number all
   *     calls of the connection
   * @param payload as above, or null for none
   */
  public <T> CompletableFuture<T> callAs(
      int xid,
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    return caller.callAs(xid, program, version, procedure, arguments, payload, results);
  }

  /** The address of this end. */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.remoteAddress();
  }

  /** True until the connection ends, from whichever side. */
  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void whenEnded(Runnable task) {
    var unused = channel.closeFuture().addListener(closed -> task.run());
  }

  @Override
  public RpcCaller calling(Credential credential, Duration timeout) {
    return new PeerCaller(connection.calls(), credential, timeout);
  }

  /** Replies that came to no call under way: too late, nearly always. */
  public long strayReplies() {
    return connection.strayReplies();
  }

  /** Closes the connection; calls under way fail with {@link RpcFailure#CONNECTION_LOST}. */
  @Override
  public void close() {
    connection.end(new RpcException(RpcFailure.CONNECTION_LOST, "the client was closed"));
    boolean mayWait = !channel.eventLoop().inEventLoop();
    if (mayWait) {
      channel.closeFuture().awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
    if (ownLoops != null) {
      ownLoops.close();
    }
  }
}
