/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import org.facsim.services.control.ArrayChange;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ArrayEvent;
import org.facsim.services.control.EventPage;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.OffloadError;

/** What changed, for whoever asks again and again what followed the last event that it knows. */
final class EventRoutes {
  private static final String EVENTS = "/api/v1/events";
  private static final int OK = 200;

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
    streams.follow(context, topics, last == null ? after : lastEventId(last));
  }

  private static long lastEventId(String text) {
    try {
      long number = Long.parseLong(text.trim());
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw Problem.badRequest(
        "header 'Last-Event-ID': '" + text + "'; allowed: a sequence number, 0 to 2^63-1");
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
    Answers.json(context, OK, EventsJson.of(array.events().after(after(context), MAX_SHOWN)));
  }

  private static long after(RoutingContext context) {
    List<String> given = context.queryParam("after");
    if (given.isEmpty()) {
      return 0;
    }
    try {
      long after = Long.parseLong(given.get(0));
      if (after >= 0 && given.size() == 1) {
        return after;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw Problem.badRequest(
        "parameter 'after': '"
            + String.join("', '", given)
            + "'; allowed: one sequence number, 0 to 2^63-1");
  }
}
