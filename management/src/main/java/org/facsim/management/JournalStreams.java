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
import org.facsim.services.journal.FollowedCalls;
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
 *
 * <p>What a page costs that follows a busy array is bounded, whatever comes: a follower that does
 * not want every call looks {@value #LIMITED_LOOKS_PER_SECOND} times a second, at {@value
 * #MOST_LOOKED_AT} calls at most, and what it is told then leaves in one piece.
 */
final class JournalStreams {
  /** Followers at a time. */
  static final int MAX_FOLLOWERS = 16;

  private static final int LOOK_MILLIS = 100;
  private static final int PAGE = 500;

  /** As often as a page draws. */
  private static final int LIMITED_LOOKS_PER_SECOND = 4;

  /** With a filter that most calls do not meet, reading them takes about 5 ms. */
  static final int MOST_LOOKED_AT = 5_000;

  private static final int SECOND_MILLIS = 1000;

  /** For a follower that wants every call. */
  static final int EVERY_CALL = 0;

  /** The most that a follower may ask for. */
  static final int MOST_PER_SECOND = 100_000;

  /** As many as the client takes, but others have a turn in between. */
  private static final int PAGES_PER_LOOK = 20;

  /** A call that is under way so long is told as such. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Time without a call after which a comment keeps the connection from being idle. */
  private static final int COMMENT_MILLIS = 15_000;

  private final Vertx vertx;
  private final OpenAnswers open;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private final Followers everybody;

  /**
   * @param everybody who follows anything
   */
  JournalStreams(Vertx vertx, OpenAnswers open, Followers everybody) {
    this.everybody = everybody;
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
   * @param mostPerSecond calls, about; when more come than that, or more than can be looked at, the
   *     first ones of each look are told, and a gap. {@link #EVERY_CALL} for all
   */
  void follow(
      RoutingContext context, Journal journal, CallFilter filter, long after, int mostPerSecond) {
    if (followers.size() >= MAX_FOLLOWERS) {
      throw new Problem(
          503, "Busy", MAX_FOLLOWERS + " clients follow the journal already; try again later");
    }
    everybody.requireRoom(context);
    context.response().putHeader("Cache-Control", "no-store");
    Answers.begin(
        context,
        "text/event-stream",
        () -> {
          Follower follower = new Follower(context, journal, filter, after, mostPerSecond);
          followers.add(follower);
          everybody.add(context);
          open.add(context, follower::end);
          vertx.runOnContext(v -> follower.begin());
        });
  }

  private final class Follower {
    private final RoutingContext context;
    private final HttpServerResponse response;
    private final Journal journal;
    private final CallFilter filter;
    private final int mostInLook;
    private final int lookMillis;
    private long after;
    private long timer;
    private int quietLooks;

    Follower(
        RoutingContext context, Journal journal, CallFilter filter, long after, int mostPerSecond) {
      this.context = context;
      this.response = context.response();
      this.journal = journal;
      this.filter = filter;
      this.after = after;
      this.mostInLook =
          mostPerSecond == EVERY_CALL
              ? 0
              : Math.min(Journal.MAX_PAGE, Math.max(1, mostPerSecond / LIMITED_LOOKS_PER_SECOND));
      this.lookMillis = mostInLook == 0 ? LOOK_MILLIS : SECOND_MILLIS / LIMITED_LOOKS_PER_SECOND;
    }

    void begin() {
      write(":\n\n"); // the client knows that it is heard
      timer = vertx.setPeriodic(lookMillis, id -> look());
    }

    void end() {
      vertx.cancelTimer(timer);
      followers.remove(this);
      everybody.remove(context);
      open.remove(context);
      if (!response.ended() && !response.closed()) {
        var unused = response.end();
      }
    }

    private void write(String text) {
      write(Buffer.buffer(text));
    }

    private void write(Buffer text) {
      var unused = response.write(text);
    }

    private void look() {
      if (response.closed() || response.ended()) {
        end();
      } else if (response.writeQueueFull()) {
        return;
      } else if (mostInLook > 0) {
        if (tell(mostInLook, MOST_LOOKED_AT)) {
          leaveOut();
        }
      } else {
        int pages = 0;
        while (tell(PAGE, Integer.MAX_VALUE)
            && ++pages < PAGES_PER_LOOK
            && !response.writeQueueFull()) {}
      }
    }

    /** What has come meanwhile is more than the client wants. */
    private void leaveOut() {
      long last = journal.status().lastSequence();
      if (last > after) {
        after = last;
        gap();
      }
    }

    /**
     * Tells a page of calls.
     *
     * @param most how many
     * @param mostLookedAt how many are looked at for that
     * @return whether there may be more already
     */
    private boolean tell(int most, int mostLookedAt) {
      long last = journal.status().lastSequence();
      if (after > last) { // the number of another run
        after = 0;
        gap();
      }
      FollowedCalls followed = journal.follow(filter, after, most, mostLookedAt);
      JournalPage page = followed.page();
      if (after > 0 && !page.isComplete() && !page.entries().isEmpty()) {
        after = page.entries().get(0).sequence() - 1;
        gap();
      }
      Buffer told = Buffer.buffer();
      boolean isSettled = add(page, told);
      if (told.length() > 0) {
        quietLooks = 0;
        write(told);
      } else if (++quietLooks * lookMillis >= COMMENT_MILLIS) {
        quietLooks = 0;
        write(":\n\n");
      }
      if (isSettled) {
        after = Math.max(after, page.nextAfter());
      }
      return isSettled && followed.hasMore();
    }

    /** Adds the calls of a page, up to one of which soon there is more to say: then false. */
    private boolean add(JournalPage page, Buffer told) {
      for (JournalEntry call : page.entries()) {
        if (call.outcome() == JournalEntry.Outcome.UNDER_WAY
            && call.time().plus(PATIENCE).isAfter(journal.now())) {
          after = call.sequence() - 1;
          return false;
        }
        after = call.sequence();
        told.appendString(event("call", JsonBodies.write(CallJson.of(call))));
      }
      return true;
    }

    private void gap() {
      write(event("gap", JsonBodies.write(new GapJson(after))));
    }

    private String event(String name, Buffer data) {
      return "id: " + after + "\nevent: " + name + "\ndata: " + data + "\n\n";
    }
  }
}
