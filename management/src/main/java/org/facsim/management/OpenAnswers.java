/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers that are written piece by piece, or have no end of their own, so that a door that
 * closes can end them.
 */
final class OpenAnswers {
  private static final int PROGRESS_MILLIS = 300;
  private static final Logger LOG = LoggerFactory.getLogger(OpenAnswers.class);

  private final Vertx vertx;
  private final AcceptLimit accepted;

  /** With what ends each of them. */
  private final Map<RoutingContext, Runnable> open = new ConcurrentHashMap<>();

  /**
   * @param accepted knows the channels of clients
   */
  OpenAnswers(Vertx vertx, AcceptLimit accepted) {
    this.vertx = vertx;
    this.accepted = accepted;
  }

  /**
   * An answer has begun.
   *
   * @param end ends it, on the event loop; does nothing if it ends on its own
   */
  void add(RoutingContext context, Runnable end) {
    open.put(context, end);
  }

  /** An answer has ended. */
  void remove(RoutingContext context) {
    open.remove(context);
  }

  /**
   * Ends what has no end of its own, so that the door can close. An answer that its client does not
   * read would never be over, so a connection is reset of which nothing leaves for {@value
   * #PROGRESS_MILLIS} ms; that must be done before anything waits for it.
   *
   * @param timeout how long to wait at most for the door's thread
   */
  void close(Duration timeout) {
    if (open.isEmpty()) {
      return;
    }
    try {
      Map<Channel, Unsent> unsent = onLoop(this::endAndLook).get(timeout.toMillis(), MILLISECONDS);
      if (!unsent.isEmpty()) {
        Thread.sleep(PROGRESS_MILLIS);
        for (ChannelFuture reset :
            onLoop(() -> resetIfUnread(unsent)).get(timeout.toMillis(), MILLISECONDS)) {
          reset.await(timeout.toMillis());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("answers that are under way do not end", e);
    }
  }

  private <T> CompletableFuture<T> onLoop(Supplier<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    vertx.runOnContext(
        v -> {
          try {
            done.complete(task.get());
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  /** What a channel has not sent so far: it changes as soon as the client reads. */
  private record Unsent(int messages, long bytes, long progress) {
    static Unsent of(Channel channel) {
      ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
      return unsent == null || unsent.isEmpty()
          ? null
          : new Unsent(unsent.size(), unsent.totalPendingWriteBytes(), unsent.currentProgress());
    }
  }

  /** Ends the answers that have no end. Returns the channels that have something to send. */
  private Map<Channel, Unsent> endAndLook() {
    Map<RoutingContext, Runnable> all = new HashMap<>(open);
    all.values().forEach(Runnable::run);
    Map<Channel, Unsent> unsent = new HashMap<>();
    for (RoutingContext each : all.keySet()) {
      Channel channel = accepted.channelOf(HttpCalls.address(each.request().remoteAddress()));
      if (channel != null && Unsent.of(channel) != null) {
        unsent.put(channel, Unsent.of(channel));
      }
    }
    return unsent;
  }

  private static List<ChannelFuture> resetIfUnread(Map<Channel, Unsent> before) {
    List<ChannelFuture> resets = new ArrayList<>();
    before.forEach(
        (channel, unsent) -> {
          if (unsent.equals(Unsent.of(channel))) {
            resets.add(reset(channel));
          }
        });
    return resets;
  }

  /** Vert.x holds up a close through the pipeline until everything is written, which never is. */
  private static ChannelFuture reset(Channel channel) {
    ChannelPromise closed = channel.newPromise();
    try {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException e) {
      LOG.debug("a connection is closed already", e);
    }
    channel.unsafe().close(closed);
    return closed;
  }
}
