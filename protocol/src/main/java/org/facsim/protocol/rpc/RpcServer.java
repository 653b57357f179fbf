/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves ONC RPC programs (RFC 5531) over TCP, all on one port. {@code ServerConnection} describes
 * what a connection does, {@link RpcServerOptions} what is bounded.
 */
public final class RpcServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

  /**
   * The unsent bytes of a connection at which no further calls are begun, and at which they are
   * begun again.
   */
  static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(512 << 10, 2 << 20);

  private static final int BACKLOG = 1024;
  private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

  private final RpcEventLoops loops;
  private final ServerContext context;
  private final ChannelGroup connections =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private Channel listener;
  private InetSocketAddress address;

  private RpcServer(RpcEventLoops loops, ServerContext context) {
    this.loops = loops;
    this.context = context;
  }

  /**
   * Listens and serves.
   *
   * @throws UncheckedIOException if the address cannot be listened on; for a taken port its cause
   *     is a {@link BindException}
   * @throws IllegalArgumentException if two programs offer the same version of the same number
   */
  public static RpcServer start(RpcServerOptions options, List<RpcProgram> programs) {
    return start(options, programs, LOG);
  }

  static RpcServer start(RpcServerOptions options, List<RpcProgram> programs, Logger log) {
    ServerContext context = ServerContext.of(options, programs, log);
    RpcEventLoops loops =
        options
            .loops()
            .orElseGet(
                () -> RpcEventLoops.start(options.transport(), options.eventLoops(), "rpc-server"));
    RpcServer server = new RpcServer(loops, context);
    try {
      server.listen();
    } catch (RuntimeException e) {
      server.endThreads();
      throw e;
    }
    return server;
  }

  private void listen() {
    InetSocketAddress address = context.options().listen();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
            .handler(new AcceptFailures(context))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw cannotListen(address, bound.cause());
    }
    listener = bound.channel();
    this.address = (InetSocketAddress) listener.localAddress();
  }

  /** The native transports have an exception of their own where the JDK throws a BindException. */
  static UncheckedIOException cannotListen(InetSocketAddress address, Throwable cause) {
    String reason = String.valueOf(cause.getMessage()).replaceFirst("^bind\\(.*?\\): ", "");
    BindException bind = (BindException) new BindException(reason).initCause(cause);
    return new UncheckedIOException(
        "cannot listen on %s:%d: %s".formatted(address.getHostString(), address.getPort(), reason),
        bind);
  }

  private void accept(Channel channel) {
    connections.add(channel);
    DeadPeers.detect(channel, context.options().peerTimeout());
    Pacing.avoid(channel);
    channel.pipeline().addLast(new ServerConnection(context));
  }

  /**
   * The address on which the server listens, or listened, with the actual port if port 0 was
   * requested.
   */
  public InetSocketAddress address() {
    return address;
  }

  /** The counts of every client's calls so far. */
  public CallStatistics statistics() {
    return context.statistics();
  }

  /**
   * The direct memory, in bytes, that connections hold now for calls that have arrived in part and
   * for replies that were not taken; bounded by {@link RpcServerOptions#maxMemoryBytes}.
   */
  public long heldBytes() {
    return context.memory().bytes();
  }

  /** Replies of clients to no call that is under way, ever: too late, sent twice or made up. */
  public long strayReplies() {
    return context.strayReplies().sum();
  }

  /** Calls to clients that wait to be sent or answered now. */
  public int callbacksUnderWay() {
    return context.callbacks().requests();
  }

  /** Runs a task once every call being answered now has been: {@link RpcEventLoops#whenPassed}. */
  public void whenPassed(Runnable task) {
    loops.whenPassed(task);
  }

  /** The number of open connections. */
  public int connectionCount() {
    return connections.size();
  }

  /**
   * Stops listening, closes every connection and ends the threads; replies that are not sent yet,
   * and later answers, are dropped. Closing again does nothing.
   */
  @Override
  public void close() {
    boolean mayWait = !loops.inEventLoop();
    ChannelFuture unbound = listener.close();
    if (mayWait) {
      unbound.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
    var ended = connections.close();
    if (mayWait) {
      ended.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
    endThreads();
  }

  /**
   * Stops listening and resets every connection, as a server that lost its power or its network
   * looks from its clients: what was not answered never is. {@link #close} ends the threads.
   */
  public void hangUp() {
    boolean mayWait = !loops.inEventLoop();
    ChannelFuture unbound = listener.close();
    if (mayWait) {
      unbound.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
    connections.forEach(RpcServer::resetWhenClosed);
    var ended = connections.close();
    if (mayWait) {
      ended.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
  }

  private static void resetWhenClosed(Channel connection) {
    try {
      connection.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException e) {
      LOG.debug("a connection is closed already", e);
    }
  }

  private void endThreads() {
    if (context.options().loops().isEmpty()) {
      loops.close();
    }
  }
}
