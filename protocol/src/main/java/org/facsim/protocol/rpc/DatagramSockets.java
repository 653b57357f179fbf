/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The sockets of one datagram server. An answer must leave from the address to which the question
 * was sent, otherwise the client drops it. But the operating system chooses the sender address of
 * what a wildcard socket sends. A server that listens everywhere therefore has one socket for each
 * local address beside the wildcard socket. The operating system delivers a datagram to the most
 * specific socket, and that one answers.
 *
 * <p>What still arrives at the wildcard socket was sent to an address without a socket: one that
 * appeared after the start, or one that no interface lists (all of 127.0.0.0/8 is local). The
 * server then looks at the interfaces again, at most once a second. For IPv4, Linux tells the
 * destination of such a datagram, and a new socket for that destination answers. In all other
 * cases, and for broadcasts, the wildcard socket answers, and the new socket gets the
 * retransmission.
 *
 * <p>The port stays exclusive. The wildcard socket is bound without SO_REUSEADDR, so that binding
 * fails if another process has the port. All sockets have the option only while one more is bound.
 *
 * <p>Everything here happens on the loop of the first socket, which all sockets share.
 */
final class DatagramSockets {
  /**
   * The most sockets for addresses of interfaces, and for other addresses; of the latter, the
   * oldest is closed first.
   */
  private static final int MAX_LISTED = 1024;

  private static final int MAX_OTHERS = 64;

  private static final long LOOK_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long OPEN_TIMEOUT_SECONDS = 10;

  private final ServerContext server;
  private final RpcEventLoops loops;
  private final Map<String, ChannelFuture> listed = new HashMap<>();
  private final Map<String, ChannelFuture> others = new LinkedHashMap<>();
  private Channel first;
  private boolean everywhere;
  private Set<InetAddress> broadcasts = Set.of();
  private int binding;
  private long lookedNanos;
  private boolean closed;

  private DatagramSockets(ServerContext server, RpcEventLoops loops) {
    this.server = server;
    this.loops = loops;
  }

  /**
   * Opens the sockets.
   *
   * @throws java.io.UncheckedIOException if the address cannot be listened on
   */
  static DatagramSockets open(ServerContext server, RpcEventLoops loops) {
    DatagramSockets sockets = new DatagramSockets(server, loops);
    InetSocketAddress listen = server.options().listen();
    ChannelFuture bound = sockets.bootstrap(loops.group()).bind(listen).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw RpcServer.cannotListen(listen, bound.cause());
    }
    CompletableFuture<Void> opened = new CompletableFuture<>();
    bound
        .channel()
        .eventLoop()
        .execute(
            () -> {
              var unused = sockets.begin(bound.channel()).thenRun(() -> opened.complete(null));
            });
    opened.completeOnTimeout(null, OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    return sockets;
  }

  private Bootstrap bootstrap(EventLoopGroup group) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(loops.datagramChannel())
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(RpcDatagramServer.MAX_DATAGRAM_BYTES))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new DatagramHandler(server, DatagramSockets.this));
                  }
                });
    if (EpollDatagramChannel.class.equals(loops.datagramChannel())) {
      bootstrap.option(EpollChannelOption.IP_RECVORIGDSTADDR, true);
    }
    return bootstrap;
  }

  private CompletableFuture<Void> begin(Channel channel) {
    first = channel;
    everywhere = address().getAddress().isAnyLocalAddress();
    return everywhere ? look() : CompletableFuture.completedFuture(null);
  }

  /** The address on which the server listens: the wildcard if it listens everywhere. */
  InetSocketAddress address() {
    return (InetSocketAddress) first.localAddress();
  }

  /** Whether a channel is the wildcard socket, whose datagrams another socket must answer. */
  boolean isWildcard(Channel channel) {
    return everywhere && channel == first;
  }

  /**
   * The socket that answers a datagram of the wildcard socket; done at once if there is no better
   * one.
   *
   * @param asked the destination of the datagram; the wildcard if the operating system does not
   *     tell
   */
  ChannelFuture answering(InetAddress asked) {
    if (System.nanoTime() - lookedNanos >= LOOK_PAUSE_NANOS) {
      var unused = look();
    }
    if (asked.isAnyLocalAddress() || asked.isMulticastAddress() || isBroadcast(asked)) {
      return first.newSucceededFuture();
    }
    String key = asked.getHostAddress();
    ChannelFuture there = listed.containsKey(key) ? listed.get(key) : others.get(key);
    if (there != null) {
      return there;
    }
    if (others.size() >= MAX_OTHERS) {
      close(others.remove(others.keySet().iterator().next()));
    }
    return bindBeside(asked, others);
  }

  private boolean isBroadcast(InetAddress address) {
    return broadcasts.contains(address) || address.getHostAddress().equals("255.255.255.255");
  }

  /**
   * Opens sockets for new addresses of this machine and closes those of addresses that are gone.
   */
  private CompletableFuture<Void> look() {
    lookedNanos = System.nanoTime();
    Map<String, InetAddress> there = new HashMap<>();
    Set<InetAddress> newBroadcasts = new HashSet<>();
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
          there.put(address.getAddress().getHostAddress(), address.getAddress());
          if (address.getBroadcast() != null) {
            newBroadcasts.add(address.getBroadcast());
          }
        }
      }
    } catch (SocketException e) {
      server.log().warn("cannot list this host's addresses", e);
      return CompletableFuture.completedFuture(null);
    }
    broadcasts = newBroadcasts;
    listed
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !there.containsKey(entry.getKey());
              if (gone) {
                close(entry.getValue());
              }
              return gone;
            });
    CompletableFuture<?>[] bound =
        there.values().stream()
            .filter(address -> !listed.containsKey(address.getHostAddress()))
            .limit(Math.max(0, MAX_LISTED - listed.size()))
            .map(address -> done(bindBeside(address, listed)))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(bound);
  }

  private static CompletableFuture<Void> done(ChannelFuture bound) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    bound.addListener(whatever -> done.complete(null));
    return done;
  }

  /**
   * Opens a socket for an address. If the address cannot be bound (IPv6 may still be checking it),
   * the next look tries again.
   */
  private ChannelFuture bindBeside(InetAddress address, Map<String, ChannelFuture> sockets) {
    String key = address.getHostAddress();
    setReuse(first, true);
    binding++;
    ChannelFuture bound =
        bootstrap(first.eventLoop())
            .option(ChannelOption.SO_REUSEADDR, true)
            .bind(new InetSocketAddress(address, address().getPort()));
    sockets.put(key, bound);
    bound.addListener(
        outcome -> {
          if (--binding == 0) {
            setReuse(first, false);
          }
          if (outcome.isSuccess()) {
            setReuse(bound.channel(), false);
            if (closed) {
              close(bound);
            }
          } else {
            sockets.remove(key, bound);
          }
        });
    return bound;
  }

  private static void setReuse(Channel channel, boolean reuse) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_REUSEADDR, reuse);
    }
  }

  private static void close(ChannelFuture socket) {
    var unused = socket.channel().close();
  }

  /** Closes all sockets; done when the port is free. */
  CompletableFuture<Void> close() {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    try {
      first.eventLoop().execute(() -> close(ended));
    } catch (RejectedExecutionException e) {
      // the loop has ended, and the sockets with it
      ended.complete(null);
    }
    return ended;
  }

  private void close(CompletableFuture<Void> ended) {
    closed = true;
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    closing.add(done(first.close()));
    for (Map<String, ChannelFuture> sockets : List.of(listed, others)) {
      sockets.values().forEach(each -> closing.add(done(each.channel().close())));
    }
    var unused =
        CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new))
            .thenRun(() -> ended.complete(null));
  }
}
