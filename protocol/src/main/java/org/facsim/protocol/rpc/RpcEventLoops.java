/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that serve connections. A server and any number of clients may share one object. The
 * code that starts it must close it, after everything that uses it.
 */
public final class RpcEventLoops implements AutoCloseable {
  private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

  private final EventLoopGroup group;
  private final Class<? extends ServerChannel> serverChannel;
  private final Class<? extends SocketChannel> clientChannel;
  private final Class<? extends DatagramChannel> datagramChannel;

  private RpcEventLoops(
      EventLoopGroup group,
      Class<? extends ServerChannel> serverChannel,
      Class<? extends SocketChannel> clientChannel,
      Class<? extends DatagramChannel> datagramChannel) {
    this.group = group;
    this.serverChannel = serverChannel;
    this.clientChannel = clientChannel;
    this.datagramChannel = datagramChannel;
  }

  /** One loop per two processors, at least one: metadata calls scale worse with more. */
  public static int defaultCount() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  /**
   * Starts {@code count} loops.
   *
   * @param name the threads' name, which a number follows
   * @throws IllegalStateException if a native transport was asked for by name and does not load
   */
  public static RpcEventLoops start(RpcTransport transport, int count, String name) {
    if (count < 1) {
      throw new IllegalArgumentException("event loops: " + count);
    }
    RpcTransport chosen =
        transport != RpcTransport.AUTOMATIC
            ? transport
            : Epoll.isAvailable() ? RpcTransport.EPOLL : RpcTransport.NIO;
    return switch (chosen) {
      case EPOLL, AUTOMATIC -> {
        require(Epoll.isAvailable(), "epoll", Epoll.unavailabilityCause());
        yield new RpcEventLoops(
            group(count, name, EpollIoHandler.newFactory()),
            EpollServerSocketChannel.class,
            EpollSocketChannel.class,
            EpollDatagramChannel.class);
      }
      case NIO ->
          new RpcEventLoops(
              group(count, name, NioIoHandler.newFactory()),
              NioServerSocketChannel.class,
              NioSocketChannel.class,
              NioDatagramChannel.class);
      case IO_URING -> {
        require(IoUring.isAvailable(), "io_uring", IoUring.unavailabilityCause());
        yield new RpcEventLoops(
            group(count, name, IoUringIoHandler.newFactory()),
            IoUringServerSocketChannel.class,
            IoUringSocketChannel.class,
            IoUringDatagramChannel.class);
      }
    };
  }

  private static EventLoopGroup group(int count, String name, IoHandlerFactory handlers) {
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), handlers);
    // now, not with the first connection: no thread may be left then
    group.forEach(loop -> loop.execute(() -> {}));
    return group;
  }

  private static void require(boolean available, String what, Throwable why) {
    if (!available) {
      throw new IllegalStateException(what + " is not available here", why);
    }
  }

  EventLoopGroup group() {
    return group;
  }

  Class<? extends ServerChannel> serverChannel() {
    return serverChannel;
  }

  Class<? extends SocketChannel> clientChannel() {
    return clientChannel;
  }

  Class<? extends DatagramChannel> datagramChannel() {
    return datagramChannel;
  }

  /** Runs a task later on one of these threads, unless they have ended by then; must not block. */
  public void schedule(Runnable task, Duration delay) {
    try {
      var unused =
          group.schedule(FatalErrors.reporting(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The threads have ended, so the task does not run.
    }
  }

  /**
   * Runs a task when each of these threads has finished what it does now. By then, every call that
   * was being answered is answered or put off. The task runs on one of these threads and must not
   * block; it runs at once if the threads have ended.
   */
  public void whenPassed(Runnable task) {
    List<EventExecutor> loops = new ArrayList<>();
    group.forEach(loops::add);
    AtomicInteger left = new AtomicInteger(loops.size());
    Runnable passed =
        () -> {
          if (left.decrementAndGet() == 0) {
            task.run();
          }
        };
    for (EventExecutor loop : loops) {
      try {
        loop.execute(FatalErrors.reporting(passed));
      } catch (RejectedExecutionException e) {
        passed.run(); // the thread has ended, and with it what it did
      }
    }
  }

  /** True if the calling thread is one of these loops, which must then not wait for one. */
  boolean inEventLoop() {
    for (EventExecutor loop : group) {
      if (loop.inEventLoop()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Ends the threads without a quiet period and waits for them, unless one of them is the caller.
   */
  @Override
  public void close() {
    Future<?> ended = group.shutdownGracefully(0, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    if (!inEventLoop()) {
      ended.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
  }
}
