/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.control.EventPage;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalPage;

/**
 * What a run leaves to be looked at: journals, events, logs and ledgers, and the moments that were
 * marked. What is read in order to judge is left out of what it tells.
 */
final class Evidence {
  private final Stage stage;
  private final Map<String, List<LedgerFigure>> wantedAtMarks;
  private final Map<String, Mark> marks = new HashMap<>();
  private final Map<String, List<Span>> ownCalls = new HashMap<>();
  private Mark stepBegan;
  private Outcome outcome = Outcome.DONE;

  /** Calls of one array between two numbers, the latter included. */
  private record Span(long after, long last) {
    boolean has(long sequence) {
      return sequence > after && sequence <= last;
    }
  }

  /** A moment. */
  private record Mark(
      Map<String, Long> calls,
      Map<String, Long> events,
      Map<String, Integer> logLines,
      Map<LedgerFigure, Long> figures) {}

  /** Calls of a window. */
  record Calls(List<JournalEntry> entries, boolean isComplete) {}

  /**
   * No evidence yet.
   *
   * @param wantedAtMarks the figures that are compared with those of a mark, by mark
   */
  Evidence(Stage stage, Map<String, List<LedgerFigure>> wantedAtMarks) {
    this.stage = stage;
    this.wantedAtMarks = wantedAtMarks;
    this.stepBegan = now(List.of());
  }

  Stage stage() {
    return stage;
  }

  /** What became of the latest step. */
  Outcome outcome() {
    return outcome;
  }

  void stepBegins() {
    stepBegan = now(List.of());
  }

  void stepEnded(Outcome what) {
    outcome = what;
  }

  void mark(String name) {
    marks.put(name, now(wantedAtMarks.getOrDefault(name, List.of())));
  }

  private Mark now(List<LedgerFigure> wanted) {
    Map<String, Long> calls = new LinkedHashMap<>();
    Map<String, Long> events = new LinkedHashMap<>();
    stage
        .arrays()
        .forEach(
            (name, array) -> {
              calls.put(name, lastCall(array.journal()));
              events.put(name, array.control().events().lastSequence());
            });
    Map<String, Integer> lines = new LinkedHashMap<>();
    stage.hosts().keySet().forEach(host -> lines.put(host, logLines(host).size()));
    Map<LedgerFigure, Long> figures = new HashMap<>();
    wanted.forEach(figure -> figures.put(figure, figure.read(stage)));
    return new Mark(calls, events, lines, figures);
  }

  private static long lastCall(Journal journal) {
    return journal.latest(CallFilter.calls(), 1).lastSequence();
  }

  private Mark at(Optional<String> since) {
    return since.map(marks::get).orElse(stepBegan);
  }

  /** A figure at a mark. */
  long figureAt(String mark, LedgerFigure figure) {
    return marks.get(mark).figures.get(figure);
  }

  /** Looks at something over the wire; the calls that this takes are not told. */
  <T> T observe(Supplier<T> look) {
    Map<String, Long> before = now(List.of()).calls;
    try {
      return look.get();
    } finally {
      stage
          .arrays()
          .forEach(
              (name, array) ->
                  ownCalls
                      .computeIfAbsent(name, key -> new ArrayList<>())
                      .add(new Span(before.get(name), lastCall(array.journal()))));
    }
  }

  /** The calls of an array since a mark, or since the step began. */
  Calls calls(String array, Optional<String> since) {
    Journal journal = stage.array(array).journal();
    List<Span> own = ownCalls.getOrDefault(array, List.of());
    List<JournalEntry> entries = new ArrayList<>();
    boolean isComplete = true;
    long after = at(since).calls.get(array);
    JournalPage page;
    do {
      page = journal.after(CallFilter.calls(), after, Journal.MAX_PAGE);
      isComplete &= page.isComplete();
      for (JournalEntry entry : page.entries()) {
        if (own.stream().noneMatch(span -> span.has(entry.sequence()))) {
          entries.add(entry);
        }
      }
      after = page.nextAfter();
    } while (after < page.lastSequence() && !page.entries().isEmpty());
    return new Calls(entries, isComplete);
  }

  /** The events of an array since a mark, or since the step began. */
  EventPage events(String array, Optional<String> since) {
    FacsimArray of = stage.array(array);
    return of.control().events().after(at(since).events.get(array), Integer.MAX_VALUE);
  }

  /** The lines that a host logged since a mark, or since the step began. */
  List<String> log(String host, Optional<String> since) {
    List<String> lines = logLines(host);
    return lines.subList(Math.min(at(since).logLines.get(host), lines.size()), lines.size());
  }

  private List<String> logLines(String host) {
    return stage.host(host).log().lines();
  }
}
