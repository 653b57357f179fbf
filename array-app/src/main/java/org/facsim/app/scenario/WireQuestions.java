/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.JournalEntry;

/** What went over the wire, by the journals. */
final class WireQuestions {
  private static final List<String> FIELDS =
      List.of("door", "procedure", "path", "volume", "status", "fault", "outcome", "user");

  /** Calls that are shown with a count. */
  private static final int MAX_SHOWN = 5;

  private WireQuestions() {}

  static void addTo(Map<String, ExpectationReader.Reader> readers) {
    readers.put("wire", WireQuestions::wire);
    readers.put("order", WireQuestions::order);
  }

  private static CallFilter filter(Names names, YamlNode node) {
    names.requireFault(node);
    CallFilter filter = CallFilter.calls();
    for (String field : FIELDS) {
      Optional<YamlNode> value = node.get(field);
      if (value.isPresent()) {
        CallFilter before = filter;
        filter = value.get().parsed(text -> before.with(field, text, Instant.EPOCH), before);
      }
    }
    return filter;
  }

  private static String words(YamlNode node) {
    return FIELDS.stream()
        .filter(field -> node.get(field).isPresent())
        .map(field -> field + " " + node.text(field).orElseThrow())
        .collect(Collectors.joining(", "));
  }

  private static List<Check> wire(Names names, YamlNode node) {
    String array = names.array(node);
    CallFilter wanted = filter(names, node);
    Optional<CallFilter> after = node.get("after").map(n -> filter(names, n));
    Optional<CallFilter> before = node.get("before").map(n -> filter(names, n));
    Optional<String> since = names.since(node);
    String subject =
        "wire: calls with "
            + words(node)
            + node.get("after").map(n -> ", after " + words(n)).orElse("")
            + node.get("before").map(n -> ", before " + words(n)).orElse("")
            + since.map(mark -> ", since " + mark).orElse("");
    List<CallFilter> parts = parts(node);
    return ExpectationReader.numbers(
        node,
        subject,
        new Check.Question() {
          @Override
          public Fact ask(Evidence evidence) {
            return count(evidence, array, since, wanted, after, before);
          }

          @Override
          public List<String> nearest(Evidence evidence) {
            return NearestCalls.of(evidence.calls(array, since).entries(), parts);
          }
        });
  }

  /** What is asked of a call, one thing each; what is wrong in it is noted elsewhere. */
  private static List<CallFilter> parts(YamlNode node) {
    List<CallFilter> parts = new ArrayList<>();
    for (String field : FIELDS) {
      node.text(field)
          .ifPresent(
              text -> {
                try {
                  parts.add(CallFilter.calls().with(field, text, Instant.EPOCH));
                } catch (IllegalArgumentException noted) {
                  // the file is refused
                }
              });
    }
    return parts;
  }

  private static Fact count(
      Evidence evidence,
      String array,
      Optional<String> since,
      CallFilter wanted,
      Optional<CallFilter> after,
      Optional<CallFilter> before) {
    evidence.stage().array(array).journal().requireMeetable(wanted);
    Evidence.Calls calls = evidence.calls(array, since);
    if (!calls.isComplete()) {
      return Fact.unknown("the journal has lost calls");
    }
    List<JournalEntry> window = calls.entries();
    if (after.isPresent()) {
      int first = indexOf(window, after.get());
      if (first < 0) {
        return Fact.unknown("no call came that calls are to be after");
      }
      window = window.subList(first + 1, window.size());
    }
    if (before.isPresent()) {
      int end = indexOf(window, before.get());
      if (end < 0) {
        return Fact.unknown("no call came that calls are to be before");
      }
      window = window.subList(0, end);
    }
    List<JournalEntry> found = window.stream().filter(wanted::matches).toList();
    return new Fact(Integer.toString(found.size()), kinds(found));
  }

  /** Calls by what they are, in an order that does not depend on the machine. */
  private static List<String> kinds(List<JournalEntry> calls) {
    Map<String, Long> counts =
        calls.stream()
            .collect(
                Collectors.groupingBy(WireQuestions::show, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .limit(MAX_SHOWN)
        .map(kind -> kind.getValue() + " " + kind.getKey())
        .toList();
  }

  private static int indexOf(List<JournalEntry> calls, CallFilter kind) {
    for (int i = 0; i < calls.size(); i++) {
      if (kind.matches(calls.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** A call without time, address and number, which differ from run to run. */
  static String show(JournalEntry call) {
    return call.door()
        + " "
        + call.procedure()
        + (call.path().isEmpty() ? "" : " " + call.path())
        + (call.status().isEmpty() ? " " + call.outcome() : " " + call.status());
  }

  private static List<Check> order(Names names, YamlNode node) {
    String array = names.array(node);
    List<YamlNode> kinds = node.get("calls").orElseThrow().elements();
    List<CallFilter> filters = kinds.stream().map(kind -> filter(names, kind)).toList();
    Optional<String> since = names.since(node);
    String subject =
        "wire: first "
            + kinds.stream().map(WireQuestions::words).collect(Collectors.joining(", then "));
    return List.of(
        ExpectationReader.check(
            node,
            subject,
            evidence -> isInOrder(evidence, array, since, filters),
            new Condition.Is("true")));
  }

  private static Fact isInOrder(
      Evidence evidence, String array, Optional<String> since, List<CallFilter> kinds) {
    Evidence.Calls calls = evidence.calls(array, since);
    if (!calls.isComplete()) {
      return Fact.unknown("the journal has lost calls");
    }
    List<Integer> places = new ArrayList<>();
    kinds.forEach(kind -> places.add(indexOf(calls.entries(), kind)));
    boolean isInOrder = !places.contains(-1);
    for (int i = 1; i < places.size(); i++) {
      isInOrder &= places.get(i - 1) < places.get(i);
    }
    return Fact.of(isInOrder);
  }
}
