/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.Volume;
import org.facsim.services.control.ArrayChange;
import org.facsim.services.control.ArrayEvent;
import org.facsim.services.control.EventPage;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.paths.PathGlob;

/** What an array tells: events, files, counters, explanations, clone jobs. */
final class ArrayQuestions {
  private static final int MAX_SHOWN = 5;

  private ArrayQuestions() {}

  static void addTo(Map<String, ExpectationReader.Reader> readers) {
    readers.put("events", ArrayQuestions::events);
    readers.put("files", ArrayQuestions::files);
    readers.put("counter", ArrayQuestions::counter);
    readers.put("why", ArrayQuestions::why);
    readers.put("job", ArrayQuestions::job);
  }

  /** {@code job-changed} for {@code JobChanged}. */
  static String kind(ArrayEvent event) {
    return kind(event.change().getClass().getSimpleName());
  }

  private static String kind(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** A kind as it is written here, or as {@code facsim events} prints it. */
  private static String knownKind(String word) {
    List<String> known =
        Arrays.stream(ArrayChange.class.getPermittedSubclasses())
            .map(type -> kind(type.getSimpleName()))
            .toList();
    return Words.known("event", kind(word), known);
  }

  private static List<Check> events(Names names, YamlNode node) {
    String array = names.array(node);
    String kind = node.get("kind").orElseThrow().parsed(ArrayQuestions::knownKind, "");
    String text = node.text("contains").orElse("");
    Optional<String> since = names.since(node);
    return ExpectationReader.numbers(
        node,
        "events: " + kind + (text.isEmpty() ? "" : " with '" + text + "'"),
        evidence -> {
          EventPage page = evidence.events(array, since);
          if (!page.isComplete()) {
            return Fact.unknown("the array has lost events");
          }
          return Fact.of(
              page.events().stream()
                  .filter(event -> kind(event).equals(kind))
                  .filter(event -> event.change().toString().contains(text))
                  .count());
        });
  }

  private static List<Check> files(Names names, YamlNode node) {
    String array = names.array(node);
    String volume =
        names
            .volume(node, array)
            .orElse(names.site().arrays().get(array).volumes().keySet().iterator().next());
    YamlNode pathNode = node.get("path").orElseThrow();
    PathGlob glob =
        pathNode.parsed(text -> PathGlob.parse("/" + volume + "/" + text), PathGlob.parse("/**"));
    return ExpectationReader.numbers(
        node,
        "files: " + pathNode.text() + " in " + volume,
        evidence -> {
          Volume of = evidence.stage().array(array).storage().volume(volume).orElseThrow();
          List<String> found =
              VolumeTree.paths(of).stream()
                  .filter(path -> glob.matches("/" + volume + "/" + path))
                  .toList();
          return new Fact(Integer.toString(found.size()), found.stream().limit(MAX_SHOWN).toList());
        });
  }

  private static List<Check> counter(Names names, YamlNode node) {
    String array = names.array(node);
    String volume = names.volume(node, array).orElseThrow();
    YamlNode name = node.get("name").orElseThrow();
    List<String> known = Arrays.stream(OffloadCounter.values()).map(OffloadCounter::label).toList();
    Optional<OffloadCounter> counter =
        Arrays.stream(OffloadCounter.values())
            .filter(each -> each.label().equals(name.text()))
            .findFirst();
    name.parsed(word -> Words.known("counter", word, known), "");
    return ExpectationReader.numbers(
        node,
        "counter: " + name.text() + " of " + volume,
        evidence ->
            Fact.of(
                evidence
                    .stage()
                    .array(array)
                    .offload()
                    .statistics()
                    .total(volume, counter.orElseThrow())));
  }

  private static List<Check> why(Names names, YamlNode node) {
    String array = names.array(node);
    YamlNode pathNode = node.get("path").orElseThrow();
    String path = pathNode.text();
    Set<String> volumes = names.site().arrays().get(array).volumes().keySet();
    if (volumes.stream().noneMatch(volume -> path.startsWith("/" + volume + "/"))) {
      pathNode.wrong(
          "'%s' is in no volume; allowed: a file under %s"
              .formatted(
                  path, volumes.stream().map(volume -> "/" + volume).collect(joining(", "))));
    }
    requireWord(node, "outcome", CloneOutcome.class);
    requireWord(node, "first-failed", Precondition.class);
    List<Check> checks = new ArrayList<>();
    ExpectationReader.word(
            node,
            "outcome",
            "why: outcome of " + path,
            e -> Fact.of(why(e, array, path).map(w -> w.outcome().label()).orElse(Fact.NONE)))
        .ifPresent(checks::add);
    ExpectationReader.word(
            node,
            "first-failed",
            "why: what decided about " + path,
            e -> Fact.of(why(e, array, path).flatMap(ArrayQuestions::decided).orElse(Fact.NONE)))
        .ifPresent(checks::add);
    return checks;
  }

  /** Notes a problem if a key has a word that can never be found. */
  private static <E extends Enum<E>> void requireWord(YamlNode node, String key, Class<E> type) {
    List<String> known = new ArrayList<>(Words.all(type));
    if (!known.contains(Fact.NONE)) {
      known.add(Fact.NONE);
    }
    node.get(key).ifPresent(value -> value.parsed(word -> Words.known("", word, known), ""));
  }

  private static Optional<String> decided(Explanation explanation) {
    Optional<Precondition> first = explanation.firstFailed();
    return first.map(Words::of);
  }

  private static Optional<Explanation> why(Evidence evidence, String array, String path) {
    return evidence.stage().array(array).control().explanations().ofPath(path);
  }

  private static List<Check> job(Names names, YamlNode node) {
    String array = names.array(node);
    requireWord(node, "state", JobState.class);
    return List.of(
        ExpectationReader.check(
            node,
            "job: state of the last clone job",
            evidence -> {
              List<CloneJobListener.Change> changes = evidence.stage().jobChanges(array);
              return changes.isEmpty()
                  ? Fact.none()
                  : Fact.of(Words.of(changes.get(changes.size() - 1).to()));
            },
            new Condition.Is(node.text("state").orElseThrow())));
  }
}
