/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.facsim.services.control.ArrayChange;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ArrayEvent;
import org.facsim.services.control.ArrayEvents;
import org.facsim.services.control.EventPage;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.OffloadError;

/** What changed, for whoever asks again and again what followed the last event that it knows. */
final class EventRoutes {
  private static final String EVENTS = "/api/v1/events";
  private static final int OK = 200;

  /** What events may be asked for. */
  private static final Set<String> TYPES =
      Arrays.stream(ArrayChange.class.getPermittedSubclasses())
          .map(Class::getSimpleName)
          .collect(Collectors.toUnmodifiableSet());

  /** Events in one answer. */
  private static final int MAX_SHOWN = 1000;

  private final ArrayControl array;
  private final ChangeStreams streams;

  EventRoutes(ArrayControl array, ChangeStreams streams) {
    this.array = array;
    this.streams = streams;
  }

  void addTo(Routes routes) {
    routes.get(EVENTS, this::events);
    routes.get("/api/v1/changes", this::follow);
  }

  private void follow(RoutingContext context) {
    Asked asked = Asked.of(context, "topics", "after");
    Set<String> topics = asked.words("topics", ChangeStreams.TOPICS, ChangeStreams.TOPICS);
    long after = asked.number("after", -1, 0, Long.MAX_VALUE);
    String last = context.request().getHeader("Last-Event-ID");
    streams.follow(
        context,
        topics,
        last == null ? new ChangeStreams.Position(after, false) : streams.position(last));
  }

  /**
   * An event.
   *
   * @param type the simple name of the {@link ArrayChange}
   * @param change its fields
   */
  record EventJson(long sequence, String at, String type, Object change) {
    static EventJson of(ArrayEvent event) {
      ArrayChange change = event.change();
      return new EventJson(
          event.sequence(),
          event.at().toString(),
          change.getClass().getSimpleName(),
          fields(change));
    }
  }

  private static Object fields(ArrayChange change) {
    if (change instanceof ArrayChange.JobChanged job) {
      return JobChangedJson.of(job);
    }
    if (change instanceof ArrayChange.ConsoleCloneChanged clone) {
      return ConsoleCloneChangedJson.of(clone);
    }
    return change instanceof ArrayChange.CloneExplained clone
        ? CloneExplainedJson.of(clone)
        : change;
  }

  /** {@link ArrayChange.CloneExplained}; {@code jobId} is null if no job was made. */
  record CloneExplainedJson(
      String volume,
      String client,
      String dialect,
      String jobId,
      String destination,
      boolean dryRun,
      String outcome,
      String firstFailed,
      String reason) {
    static CloneExplainedJson of(ArrayChange.CloneExplained clone) {
      return new CloneExplainedJson(
          clone.volume(),
          clone.client(),
          clone.dialect(),
          clone.jobId() == 0 ? null : Long.toUnsignedString(clone.jobId()),
          clone.destination(),
          clone.dryRun(),
          clone.outcome().label(),
          clone.firstFailed().map(Precondition::label).orElse(null),
          clone.reason());
    }
  }

  /** {@link ArrayChange.ConsoleCloneChanged}, its id as {@code /api/v1/clones} has it. */
  record ConsoleCloneChangedJson(
      String volume,
      String cloneId,
      String source,
      String path,
      String from,
      String to,
      String reason,
      long totalBytes) {
    static ConsoleCloneChangedJson of(ArrayChange.ConsoleCloneChanged clone) {
      return new ConsoleCloneChangedJson(
          clone.volume(),
          Long.toString(clone.cloneId()),
          clone.source(),
          clone.path(),
          clone.from().name(),
          clone.to().name(),
          clone.reason(),
          clone.totalBytes());
    }
  }

  /** {@link ArrayChange.JobChanged}; a job's id uses 64 bits, so it is a text. */
  record JobChangedJson(
      String volume,
      String client,
      String jobId,
      String from,
      String to,
      String error,
      String reason,
      long totalBytes) {
    static JobChangedJson of(ArrayChange.JobChanged job) {
      return new JobChangedJson(
          job.volume(),
          job.client(),
          Long.toUnsignedString(job.jobId()),
          job.from().name(),
          job.to().name(),
          job.error().map(OffloadError::name).orElse(null),
          job.reason(),
          job.totalBytes());
    }
  }

  /**
   * Events in their order.
   *
   * @param complete false if events are missing before the first one
   * @param lastSequence of all events so far
   */
  record EventsJson(boolean complete, long lastSequence, List<EventJson> items) {
    static EventsJson of(EventPage page) {
      return new EventsJson(
          page.isComplete(),
          page.lastSequence(),
          page.events().stream().map(EventJson::of).toList());
    }
  }

  private void events(RoutingContext context) {
    Asked asked = Asked.of(context, "after", "limit", "type", "volume");
    long after = asked.number("after", 0, 0, Long.MAX_VALUE);
    int limit = (int) asked.number("limit", MAX_SHOWN, 1, MAX_SHOWN);
    Set<String> types = asked.words("type", Set.of(), TYPES);
    Optional<String> volume = asked.text("volume");
    if (types.isEmpty() && volume.isEmpty()) {
      Answers.json(context, OK, EventsJson.of(array.events().after(after, limit)));
      return;
    }
    EventPage page = array.events().after(after, ArrayEvents.MAX_EVENTS);
    Answers.json(
        context,
        OK,
        new EventsJson(
            page.isComplete(),
            page.lastSequence(),
            page.events().stream()
                .map(EventJson::of)
                .filter(each -> types.isEmpty() || types.contains(each.type()))
                .filter(each -> volume.isEmpty() || isOf(volume.get(), each))
                .limit(limit)
                .toList()));
  }

  private static boolean isOf(String volume, EventJson event) {
    return JsonBodies.tree(event.change()).path("volume").asText().equals(volume);
  }
}
