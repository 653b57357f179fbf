/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Accepts no connection while too many are open. New ones wait in the kernel, where they cost no
 * file descriptor, until {@link Connections} has decided about the earlier ones. This is necessary
 * because Vert.x accepts on a thread of its own, which may run far ahead of the event loop.
 *
 * <p>Everything else is Vert.x's Java NIO transport. A transport is the only place where Vert.x
 * gives access to a server's listening channel.
 */
final class AcceptLimit implements Transport {
  /** A task that is due after this time runs after the next select. */
  private static final int SELECTED_MILLIS = 1;

  private static final long POLL_NANOS = 1_000_000;

  private final Transport nio = io.vertx.core.transport.Transport.NIO.implementation();
  private final int maxOpen;
  private final AtomicInteger open = new AtomicInteger();
  private volatile Channel listening;

  /** Connections that are accepted, and that Vert.x has not set up yet. */
  private final Set<Channel> arriving = ConcurrentHashMap.newKeySet();

  /** The open connections, by the client's address and port. */
  private final Map<SocketAddress, Channel> byClient = new ConcurrentHashMap<>();

  /**
   * @param maxOpen the most open connections; a few more may be accepted in one pass
   */
  AcceptLimit(int maxOpen) {
    this.maxOpen = maxOpen;
  }

  /** For {@code Vertx.builder()}. */
  io.vertx.core.transport.Transport asTransport() {
    return new io.vertx.core.transport.Transport() {
      @Override
      public String name() {
        return "nio-limited";
      }

      @Override
      public boolean available() {
        return true;
      }

      @Override
      public Throwable unavailabilityCause() {
        return null;
      }

      @Override
      public Transport implementation() {
        return AcceptLimit.this;
      }
    };
  }

  @Override
  public void configure(TcpConfig options, boolean domainSocket, ServerBootstrap bootstrap) {
    Transport.super.configure(options, domainSocket, bootstrap);
    bootstrap.handler(new Acceptor());
  }

  /** The open connection of a client, by its address and port; null if there is none. */
  Channel channelOf(SocketAddress client) {
    return byClient.get(client);
  }

  /**
   * Stops listening, and returns once no more connections are accepted and all accepted ones are
   * set up. Without this, Vert.x removes the event loop of a closing server while the server still
   * accepts, and logs an error for each connection that comes in between.
   *
   * @param timeout how long to wait for the threads that listen and serve
   * @return whether listening has stopped; true also if it never started
   */
  boolean stop(Duration timeout) {
    Channel listener = listening;
    if (listener == null) {
      return true;
    }
    long endNanos = System.nanoTime() + timeout.toNanos();
    if (!listener.close().awaitUninterruptibly(timeout.toMillis())) {
      return false;
    }
    while (!arriving.isEmpty() && System.nanoTime() - endNanos < 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    return arriving.isEmpty();
  }

  /** Takes a connection off {@link #arriving} when its own handlers have been added. */
  private final class Arrival extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRegistered(ChannelHandlerContext context) {
      arriving.remove(context.channel());
      context.fireChannelRegistered();
      context.pipeline().remove(this);
    }
  }

  /** A handler on the listening channel, where each message read is a connection. */
  @Sharable
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      listening = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      Channel listener = context.channel();
      Channel connection = (Channel) accepted;
      arriving.add(connection);
      SocketAddress client = connection.remoteAddress();
      if (client != null) { // null if it is reset already
        byClient.put(client, connection);
      }
      connection.pipeline().addLast(new Arrival());
      var unused =
          connection
              .closeFuture()
              .addListener(
                  closed -> {
                    if (client != null) {
                      byClient.remove(client, connection);
                    }
                    forget(connection, listener);
                  });
      open.incrementAndGet();
      adjust(listener);
      context.fireChannelRead(accepted);
    }

    /**
     * Counts a connection as closed. A closed channel keeps its file descriptor until its event
     * loop has selected once more.
     */
    private void forget(Channel connection, Channel listener) {
      arriving.remove(connection);
      try {
        var unused =
            connection
                .eventLoop()
                .schedule(() -> forgetNow(listener), SELECTED_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        open.decrementAndGet(); // the door closes: no connection is accepted any more
      }
    }

    private void forgetNow(Channel listener) {
      open.decrementAndGet();
      try {
        listener.eventLoop().execute(() -> adjust(listener));
      } catch (RejectedExecutionException e) {
        // the door closes: no connection is accepted any more
      }
    }

    /** Runs on the listener's own thread, so that the last count decides. */
    private void adjust(Channel listener) {
      listener.config().setAutoRead(open.get() < maxOpen);
    }
  }

  // ---------------------------------------------------------------- the same as Java NIO

  @Override
  public boolean supportsDomainSockets() {
    return nio.supportsDomainSockets();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return nio.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return nio.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return nio.ioHandlerFactory();
  }

  @Override
  @SuppressWarnings("deprecation") // Vert.x's interface uses the deprecated type
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return nio.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return nio.datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return nio.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return nio.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(TcpConfig options, boolean domainSocket, Bootstrap bootstrap) {
    nio.configure(options, domainSocket, bootstrap);
  }
}
