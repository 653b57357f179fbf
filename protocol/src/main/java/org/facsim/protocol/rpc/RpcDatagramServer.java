/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves ONC RPC programs (RFC 5531) over UDP: one call per datagram, one datagram per answer, both
 * of at most {@value #MAX_DATAGRAM_BYTES} bytes. Made for programs with small answers: portmap,
 * MOUNT, NSM.
 *
 * <p>What is no call is dropped without an answer, so that two servers cannot be made to answer
 * each other. A longer datagram arrives cut off and is judged by what is left of it. An answer that
 * does not fit becomes SYSTEM_ERR: its caller has TCP.
 *
 * <p>Of the {@link RpcServerOptions} those count that do not speak of connections or records.
 * Beyond the bound of calls put off, further calls are dropped, as a network under load would; the
 * caller retransmits.
 *
 * <p>Known flaw: listening on a wildcard address, the answer's sender is the address that the host
 * picks for the way back, which on a host with several addresses need not be the one asked.
 */
public final class RpcDatagramServer implements AutoCloseable {
  /** Bound of calls and answers: UDPMSGSIZE of the ONC RPC library, below which nobody goes. */
  public static final int MAX_DATAGRAM_BYTES = 8800;

  private static final Logger LOG = LoggerFactory.getLogger(RpcDatagramServer.class);
  private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

  private final RpcEventLoops loops;
  private final boolean ownsLoops;
  private final Channel channel;

  private RpcDatagramServer(RpcEventLoops loops, boolean ownsLoops, Channel channel) {
    this.loops = loops;
    this.ownsLoops = ownsLoops;
    this.channel = channel;
  }

  /**
   * Listens and serves.
   *
   * @throws UncheckedIOException if the address cannot be listened on; for a taken port its cause
   *     is a {@link BindException}
   * @throws IllegalArgumentException if two programs offer the same version of the same number
   */
  public static RpcDatagramServer start(RpcServerOptions options, List<RpcProgram> programs) {
    ServerContext context = ServerContext.of(options, programs, LOG);
    boolean ownsLoops = options.loops().isEmpty();
    RpcEventLoops loops =
        options
            .loops()
            .orElseGet(() -> RpcEventLoops.start(options.transport(), 1, "rpc-udp-server"));
    ChannelFuture bound =
        new Bootstrap()
            .group(loops.group())
            .channel(loops.datagramChannel())
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES))
            .handler(new DatagramHandler(context))
            .bind(options.listen())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      if (ownsLoops) {
        loops.close();
      }
      throw RpcServer.cannotListen(options.listen(), bound.cause());
    }
    return new RpcDatagramServer(loops, ownsLoops, bound.channel());
  }

  /** Where the server listens, with the port that was found if none was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Stops listening; answers that come later vanish. May be called twice. */
  @Override
  public void close() {
    ChannelFuture closed = channel.close();
    if (!loops.inEventLoop()) {
      closed.awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
    if (ownsLoops) {
      loops.close();
    }
  }
}
