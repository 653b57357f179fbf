/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.management.JournalJson.CallJson;
import org.facsim.management.JournalJson.GapJson;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalExport;
import org.facsim.services.journal.JournalPage;

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

  private final Vertx vertx;
  private final OpenAnswers open;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();

  JournalStreams(Vertx vertx, OpenAnswers open) {
    this.vertx = vertx;
    this.open = open;
  }

  // ---------------------------------------------------------------- exports

  /** Sends an export piece by piece. */
  void send(RoutingContext context, String contentType, JournalExport export) {
    open.add(context, () -> {});
    context.addEndHandler(v -> open.remove(context));
    Answers.begin(context, contentType, () -> vertx.runOnContext(v -> send(context, export)));
  }

  private void send(RoutingContext context, JournalExport export) {
    HttpServerResponse response = context.response();
    if (response.closed() || response.ended()) {
      open.remove(context);
      return;
    }
    if (response.writeQueueFull()) {
      response.drainHandler(v -> send(context, export));
      return;
    }
    byte[] piece = export.next();
    if (piece == null) {
      open.remove(context);
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
          open.add(context, follower::end);
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
      open.remove(context);
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
