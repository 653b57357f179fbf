/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.management.EventRoutes.EventJson;
import org.facsim.management.SpaceRoutes.SampleJson;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ArrayEvent;
import org.facsim.services.control.EventPage;
import org.facsim.services.control.RateSample;

/**
 * Tells clients what changes, as server-sent events. Everything here runs on the door's event loop,
 * and writes only while the client takes it; nothing in the array waits for that.
 *
 * <p>The array's events have their sequence numbers as ids, so that a client that lost its
 * connection comes back with the last one and misses nothing, or is told to load again if events
 * are forgotten meanwhile. An array in memory begins at 1 again with each start, so the ids also
 * say which run of the program they are of: {@code 12.5f3a9c01}. What is a state and no event
 * (rates, the version of the VMs) has no id: the latest one replaces all before it.
 */
final class ChangeStreams {
  /** Followers at a time. */
  static final int MAX_FOLLOWERS = 64;

  /** What may be followed. */
  static final Set<String> TOPICS = Set.of("events", "vms", "rates");

  private static final int LOOK_MILLIS = 100;
  private static final int PAGE = 256;

  /** Looks without anything to tell after which a comment keeps the connection from being idle. */
  private static final int LOOKS_UNTIL_COMMENT = 150;

  private static final SecureRandom RANDOM = new SecureRandom();

  private static final Pattern ID = Pattern.compile("(\\d{1,18})(?:\\.([0-9a-f]{8}))?");

  /** Of this door, and so of this run of the program. */
  private final String run = HexFormat.of().toHexDigits(RANDOM.nextInt());

  private final Vertx vertx;
  private final OpenAnswers open;
  private final ArrayControl array;
  private final Ticker ticker;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private final Followers everybody;

  /**
   * @param everybody who follows anything
   */
  ChangeStreams(
      Vertx vertx, OpenAnswers open, ArrayControl array, Ticker ticker, Followers everybody) {
    this.everybody = everybody;
    this.vertx = vertx;
    this.open = open;
    this.array = array;
    this.ticker = ticker;
  }

  /** Where a client is to begin, or begins again. */
  record PositionJson(long lastSequence) {}

  /** The version of the VMs. */
  record VmsVersionJson(long version) {}

  /**
   * Where a client goes on.
   *
   * @param after the number of the last event that it knows; -1 to begin now
   * @param isOfAnotherRun whether that number means nothing here
   */
  record Position(long after, boolean isOfAnotherRun) {}

  /**
   * Where the client goes on that heard an id last.
   *
   * @throws Problem 400
   */
  Position position(String lastEventId) {
    Matcher id = ID.matcher(lastEventId.trim());
    if (!id.matches()) {
      throw Problem.badRequest(
          "header 'Last-Event-ID': '"
              + lastEventId
              + "'; allowed: the id of an event as this stream sent it, or its number");
    }
    return new Position(
        Long.parseLong(id.group(1)), id.group(2) != null && !id.group(2).equals(run));
  }

  /**
   * Follows what changes.
   *
   * @param from where the client begins
   */
  void follow(RoutingContext context, Set<String> topics, Position from) {
    if (followers.size() >= MAX_FOLLOWERS) {
      throw new Problem(
          503, "Busy", MAX_FOLLOWERS + " clients follow what changes already; try again later");
    }
    everybody.requireRoom(context);
    context.response().putHeader("Cache-Control", "no-store");
    Answers.begin(
        context,
        "text/event-stream",
        () -> {
          Follower follower = new Follower(context, topics, from);
          followers.add(follower);
          everybody.add(context);
          open.add(context, follower::end);
          vertx.runOnContext(v -> follower.begin());
        });
  }

  private final class Follower {
    private final RoutingContext context;
    private final HttpServerResponse response;
    private final Set<String> topics;
    private final boolean isLost;
    private long heard;
    private long timer;
    private int quietLooks;
    private long toldVms = -1;
    private long toldSample = -1;

    Follower(RoutingContext context, Set<String> topics, Position from) {
      this.context = context;
      this.response = context.response();
      this.topics = topics;
      this.heard = from.isOfAnotherRun() ? -1 : from.after();
      this.isLost = from.isOfAnotherRun();
    }

    void begin() {
      if (topics.contains("vms")) {
        ticker.wantVms(1);
      }
      if (heard < 0) {
        heard = array.events().lastSequence();
      }
      write(event("hello", heard, new PositionJson(heard)));
      if (isLost) {
        write(event("reload", heard, new PositionJson(heard)));
      }
      timer = vertx.setPeriodic(LOOK_MILLIS, id -> look());
    }

    void end() {
      vertx.cancelTimer(timer);
      if (followers.remove(this) && topics.contains("vms")) {
        ticker.wantVms(-1);
      }
      everybody.remove(context);
      open.remove(context);
      if (!response.ended() && !response.closed()) {
        var unused = response.end();
      }
    }

    private void write(Buffer text) {
      quietLooks = 0;
      var unused = response.write(text);
    }

    private Buffer event(String name, long id, Object data) {
      Buffer text = Buffer.buffer();
      if (id >= 0) {
        text.appendString("id: " + id + "." + run + "\n");
      }
      return text.appendString("event: " + name + "\ndata: ")
          .appendBuffer(JsonBodies.write(data))
          .appendString("\n\n");
    }

    private void look() {
      if (response.closed() || response.ended()) {
        end();
        return;
      }
      if (response.writeQueueFull()) {
        return;
      }
      if (topics.contains("events")) {
        tellEvents();
      }
      long vms = ticker.vmsVersion();
      if (topics.contains("vms") && vms != toldVms && vms >= 0) {
        toldVms = vms;
        write(event("vms", -1, new VmsVersionJson(vms)));
      }
      RateSample sample = ticker.lastSample();
      if (topics.contains("rates") && sample != null && sample.sequence() != toldSample) {
        toldSample = sample.sequence();
        write(event("rates", -1, SampleJson.of(sample)));
      }
      if (++quietLooks == LOOKS_UNTIL_COMMENT) {
        write(Buffer.buffer(":\n\n"));
      }
    }

    private void tellEvents() {
      if (heard == array.events().lastSequence()) {
        return;
      }
      EventPage page = array.events().after(heard, PAGE);
      if (!page.isComplete()) {
        heard = page.events().isEmpty() ? page.lastSequence() : page.events().get(0).sequence() - 1;
        write(event("reload", heard, new PositionJson(heard)));
      }
      for (ArrayEvent each : page.events()) {
        heard = each.sequence();
        write(event("change", heard, EventJson.of(each)));
      }
    }
  }
}
