/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.facsim.management.JournalJson.CallJson;
import org.facsim.management.JournalJson.CallsJson;
import org.facsim.management.JournalJson.ResultJson;
import org.facsim.management.JournalJson.SizeRequest;
import org.facsim.management.JournalJson.StatusJson;
import org.facsim.management.JournalJson.VerifyRequest;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalExport;

/** The journal: its calls, what they prove, and as files and streams. */
final class JournalRoutes {
  private static final String JOURNAL = "/api/v1/journal";
  private static final String CALLS = JOURNAL + "/calls";
  private static final int OK = 200;

  /** Calls in one answer, unless fewer or more are asked for. */
  private static final int USUAL_CALLS = 1000;

  private final ArrayControl array;
  private final JournalStreams streams;

  JournalRoutes(ArrayControl array, JournalStreams streams) {
    this.array = array;
    this.streams = streams;
  }

  void addTo(Routes routes) {
    routes.get(JOURNAL, this::status);
    routes.put(JOURNAL, this::resize);
    routes.get(CALLS, this::calls);
    routes.delete(CALLS, this::clear);
    routes.get(JOURNAL + "/stream", this::stream);
    routes.get(JOURNAL + "/export", this::export);
    routes.post(JOURNAL + "/verifications", this::verify);
  }

  private Journal journal() {
    return array.journal();
  }

  /** Of what an administrator sets; calls come all the time. */
  private String tag() {
    return Etags.of(journal().status().entries());
  }

  private void status(RoutingContext context) {
    Etags.show(context, tag());
    Answers.json(context, OK, StatusJson.of(journal().status()));
  }

  private void resize(RoutingContext context) {
    SizeRequest wanted = JsonBodies.read(context, SizeRequest.class);
    if (wanted.entries() == null) {
      throw Problem.badRequest("'entries' is missing; allowed: how many calls to keep, 0 for none");
    }
    Etags.check(context, tag());
    refusing(() -> journal().resize(wanted.entries()));
    status(context);
  }

  private void clear(RoutingContext context) {
    JsonBodies.readNothing(context);
    journal().clear();
    Answers.noContent(context);
  }

  private void calls(RoutingContext context) {
    CallFilter filter = filter(context, Set.of("after", "limit"));
    int limit = (int) number(context, "limit", USUAL_CALLS, 1, Journal.MAX_PAGE);
    long after = number(context, "after", -1, 0, Long.MAX_VALUE);
    refusing(
        () ->
            Answers.json(
                context,
                OK,
                CallsJson.of(
                    after < 0
                        ? journal().latest(filter, limit)
                        : journal().after(filter, after, limit))));
  }

  private void stream(RoutingContext context) {
    CallFilter filter = filter(context, Set.of("after", "most"));
    refusing(() -> journal().requireMeetable(filter));
    long last = journal().status().lastSequence();
    long begin = context.queryParam("since").isEmpty() ? last : 0;
    String resumed = context.request().getHeader("Last-Event-ID");
    long after = number(context, "after", begin, 0, Long.MAX_VALUE);
    if (resumed != null) {
      after = number("Last-Event-ID", resumed, 0, Long.MAX_VALUE);
    }
    int most =
        (int) number(context, "most", JournalStreams.EVERY_CALL, 1, JournalStreams.MOST_PER_SECOND);
    streams.follow(context, journal(), filter, after, most);
  }

  private void export(RoutingContext context) {
    CallFilter filter = filter(context, Set.of("format"));
    List<String> format = context.queryParam("format");
    String wanted = format.size() == 1 ? format.get(0) : "";
    refusing(
        () -> {
          switch (wanted) {
            case "pcapng" ->
                streams.send(context, "application/x-pcapng", journal().exportPcapng(filter));
            case "jsonl" -> streams.send(context, "application/jsonl", lines(filter));
            default ->
                throw Problem.badRequest(
                    "parameter 'format': '" + wanted + "'; allowed: pcapng, jsonl");
          }
        });
  }

  private JournalExport lines(CallFilter filter) {
    return journal()
        .export(
            filter,
            call -> {
              Buffer line = JsonBodies.write(CallJson.of(call));
              return line.appendByte((byte) '\n').getBytes();
            });
  }

  private void verify(RoutingContext context) {
    VerifyRequest wanted = JsonBodies.read(context, VerifyRequest.class);
    refusing(
        () ->
            Answers.json(
                context,
                OK,
                ResultJson.of(journal().check(wanted.toVerification(journal().now())))));
  }

  /** What cannot be asked is a request that is refused. */
  private static void refusing(Runnable asking) {
    try {
      asking.run();
    } catch (IllegalArgumentException refused) {
      throw Problem.badRequest(refused.getMessage());
    }
  }

  /** All parameters that are conditions; others than these and some are refused. */
  private CallFilter filter(RoutingContext context, Set<String> others) {
    Instant now = journal().now();
    CallFilter filter = CallFilter.calls();
    for (Map.Entry<String, String> parameter : context.queryParams()) {
      String name = parameter.getKey();
      if (others.contains(name)) {
        continue;
      }
      if (!CallFilter.FIELDS.contains(name)) {
        Set<String> allowed = new TreeSet<>(CallFilter.FIELDS);
        allowed.addAll(others);
        throw Problem.badRequest(
            "parameter '" + name + "'; allowed: " + String.join(", ", allowed));
      }
      try {
        filter = filter.with(name, parameter.getValue(), now);
      } catch (IllegalArgumentException refused) {
        throw Problem.badRequest("parameter '" + name + "': " + refused.getMessage());
      }
    }
    return filter;
  }

  private static long number(
      RoutingContext context, String name, long otherwise, long least, long most) {
    List<String> given = context.queryParam(name);
    return given.isEmpty()
        ? otherwise
        : number("parameter '" + name + "'", String.join(",", given), least, most);
  }

  private static long number(String what, String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw Problem.badRequest(what + ": '" + text + "'; allowed: " + least + " to " + most);
  }
}
