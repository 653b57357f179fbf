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
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.facsim.management.JournalJson.CallJson;
import org.facsim.management.JournalJson.GapJson;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalExport;
import org.facsim.services.journal.JournalPage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that are longer than memory should hold: exports piece by piece, and calls as they come
 * (server-sent events). Everything here runs on the door's event loop, and is written only while
 * the client takes it; no call of any client waits for that.
 *
 * <p>A follower looks for new calls every {@value #LOOK_MILLIS} ms, so that recording a call wakes
 * nobody. One that does not read is told how far its gap is when it reads again; a client that lost
 * its connection comes back with the number of the last event that it heard.
 */
final class JournalStreams {
  /** Followers at a time. */
  static final int MAX_FOLLOWERS = 16;

  private static final int LOOK_MILLIS = 100;
  private static final int PAGE = 500;

  /** As many as the client takes, but others have a turn in between. */
  private static final int PAGES_PER_LOOK = 20;

  /** A call that is under way so long is told as such. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Looks without a call after which a comment keeps the connection from being idle. */
  private static final int LOOKS_UNTIL_COMMENT = 150;

  private static final int PROGRESS_MILLIS = 300;

  private static final Logger LOG = LoggerFactory.getLogger(JournalStreams.class);

  private final Vertx vertx;
  private final AcceptLimit accepted;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private final Set<RoutingContext> exports = ConcurrentHashMap.newKeySet();

  /**
   * @param accepted knows the channels of clients
   */
  JournalStreams(Vertx vertx, AcceptLimit accepted) {
    this.vertx = vertx;
    this.accepted = accepted;
  }

  /**
   * Ends what has no end of its own, so that the door can close. An answer that its client does not
   * read would never be over, so a connection is reset of which nothing leaves for {@value
   * #PROGRESS_MILLIS} ms; that must be done before anything waits for it.
   *
   * @param timeout how long to wait at most for the door's thread
   */
  void close(Duration timeout) {
    if (followers.isEmpty() && exports.isEmpty()) {
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
      LOG.warn("the journal's readers do not end", e);
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

  /** Ends the followers. Returns the channels that have something to send. */
  private Map<Channel, Unsent> endAndLook() {
    List<RoutingContext> all = new ArrayList<>(exports);
    followers.forEach(follower -> all.add(follower.context));
    followers.forEach(Follower::end);
    Map<Channel, Unsent> unsent = new HashMap<>();
    for (RoutingContext each : all) {
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

  // ---------------------------------------------------------------- exports

  /** Sends an export piece by piece. */
  void send(RoutingContext context, String contentType, JournalExport export) {
    exports.add(context);
    context.addEndHandler(v -> exports.remove(context));
    Answers.begin(context, contentType, () -> vertx.runOnContext(v -> send(context, export)));
  }

  private void send(RoutingContext context, JournalExport export) {
    HttpServerResponse response = context.response();
    if (response.closed() || response.ended()) {
      exports.remove(context);
      return;
    }
    if (response.writeQueueFull()) {
      response.drainHandler(v -> send(context, export));
      return;
    }
    byte[] piece = export.next();
    if (piece == null) {
      exports.remove(context);
      var unused = response.end();
      return;
    }
    if (piece.length > 0) {
      var unused = response.write(Buffer.buffer(piece));
    }
    vertx.runOnContext(v -> send(context, export)); // others have a turn in between
  }

  // ---------------------------------------------------------------- followers

  /**
   * Tells calls as they come.
   *
   * @param after the number of the call that is known
   */
  void follow(RoutingContext context, Journal journal, CallFilter filter, long after) {
    if (followers.size() >= MAX_FOLLOWERS) {
      throw new Problem(
          503, "Busy", MAX_FOLLOWERS + " clients follow the journal already; try again later");
    }
    context.response().putHeader("Cache-Control", "no-store");
    Answers.begin(
        context,
        "text/event-stream",
        () -> {
          Follower follower = new Follower(context, journal, filter, after);
          followers.add(follower);
          vertx.runOnContext(v -> follower.begin());
        });
  }

  private final class Follower {
    private final RoutingContext context;
    private final HttpServerResponse response;
    private final Journal journal;
    private final CallFilter filter;
    private long after;
    private long timer;
    private int quietLooks;

    Follower(RoutingContext context, Journal journal, CallFilter filter, long after) {
      this.context = context;
      this.response = context.response();
      this.journal = journal;
      this.filter = filter;
      this.after = after;
    }

    void begin() {
      write(":\n\n"); // the client knows that it is heard
      timer = vertx.setPeriodic(LOOK_MILLIS, id -> look());
    }

    void end() {
      vertx.cancelTimer(timer);
      followers.remove(this);
      if (!response.ended() && !response.closed()) {
        var unused = response.end();
      }
    }

    private void write(String text) {
      var unused = response.write(Buffer.buffer(text));
    }

    private void look() {
      if (response.closed() || response.ended()) {
        end();
      } else if (!response.writeQueueFull()) {
        int pages = 0;
        while (tell() && ++pages < PAGES_PER_LOOK && !response.writeQueueFull()) {}
      }
    }

    /** Tells a page of calls. Returns whether there are more already. */
    private boolean tell() {
      long last = journal.status().lastSequence();
      if (after > last) { // the number of another run
        after = 0;
        gap();
      }
      JournalPage page = journal.settledAfter(filter, after, PAGE);
      if (after > 0 && !page.isComplete() && !page.entries().isEmpty()) {
        after = page.entries().get(0).sequence() - 1;
        gap();
      }
      for (JournalEntry call : page.entries()) {
        if (call.outcome() == JournalEntry.Outcome.UNDER_WAY
            && call.time().plus(PATIENCE).isAfter(journal.now())) {
          after = call.sequence() - 1; // soon there is more to say of it
          return false;
        }
        after = call.sequence();
        quietLooks = 0;
        write(event("call", JsonBodies.write(CallJson.of(call))));
      }
      after = Math.max(after, page.nextAfter());
      if (++quietLooks == LOOKS_UNTIL_COMMENT) {
        quietLooks = 0;
        write(":\n\n");
      }
      return page.entries().size() == PAGE;
    }

    private void gap() {
      write(event("gap", JsonBodies.write(new GapJson(after))));
    }

    private String event(String name, Buffer data) {
      return "id: " + after + "\nevent: " + name + "\ndata: " + data + "\n\n";
    }
  }
}
