/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accepts no connection while too many are open, so that a crowd of new ones waits in the kernel,
 * where it costs no file descriptor, until {@link Connections} has decided about those before.
 * Vert.x accepts on a thread of its own, which may run far ahead of the event loop.
 *
 * <p>All else is Java NIO, as Vert.x has it; this is the one place where it lets a server's
 * listening channel be reached.
 */
final class AcceptLimit implements Transport {
  /** A task that is due later runs behind the next select. */
  private static final int SELECTED_MILLIS = 1;

  private final Transport nio = io.vertx.core.transport.Transport.NIO.implementation();
  private final int maxOpen;
  private final AtomicInteger open = new AtomicInteger();
  private volatile Channel listening;

  /**
   * @param maxOpen connections; a few more may be accepted at one go
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

  /**
   * Listens no more, and returns once nothing more is accepted. Vert.x takes the event loop away
   * from a server that it closes while the server still accepts; each connection that comes in
   * between would be an error to it.
   *
   * @param timeout how long this waits for the listening thread
   * @return whether it listens no more; true also if it never did
   */
  boolean stop(Duration timeout) {
    Channel listener = listening;
    return listener == null || listener.close().awaitUninterruptibly(timeout.toMillis());
  }

  /** On the listening channel: what it reads are connections. */
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
      var unused = connection.closeFuture().addListener(closed -> forget(connection, listener));
      open.incrementAndGet();
      adjust(listener);
      context.fireChannelRead(accepted);
    }

    /** A closed channel keeps its descriptor until its event loop has selected once more. */
    private void forget(Channel connection, Channel listener) {
      try {
        var unused =
            connection
                .eventLoop()
                .schedule(() -> forgetNow(listener), SELECTED_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        open.decrementAndGet(); // the door closes: nothing is accepted any more
      }
    }

    private void forgetNow(Channel listener) {
      open.decrementAndGet();
      try {
        listener.eventLoop().execute(() -> adjust(listener));
      } catch (RejectedExecutionException e) {
        // the door closes: nothing is accepted any more
      }
    }

    /** On the listener's own thread, so that the last word is that of the last count. */
    private void adjust(Channel listener) {
      listener.config().setAutoRead(open.get() < maxOpen);
    }
  }

  // ---------------------------------------------------------------- as Java NIO

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
  @SuppressWarnings("deprecation") // Vert.x's interface names it
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
