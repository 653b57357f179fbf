/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.facsim.app.scenario.Check.Question;
import org.facsim.hypervisor.task.FaultType;

/** Reads expectations: each becomes one check or more. */
final class ExpectationReader {
  /** Reads the value of an expectation's key. */
  @FunctionalInterface
  interface Reader {
    List<Check> read(Names names, YamlNode node);
  }

  private static final Map<String, Reader> READERS = new LinkedHashMap<>();

  static {
    READERS.put("task", ExpectationReader::task);
    READERS.put("space", ExpectationReader::space);
    WireQuestions.addTo(READERS);
    HostQuestions.addTo(READERS);
    ArrayQuestions.addTo(READERS);
  }

  /** Facts of a task that are compared in part. */
  private static final List<String> TEXTS =
      List.of("message", "reason", "offload-failure", "ignored");

  private static final List<String> NUMBERS = List.of("read", "written", "seconds", "trimmed");

  private static final List<String> FAULTS =
      Stream.concat(
              Arrays.stream(FaultType.values()).map(FaultType::vmwareName), Stream.of(Fact.NONE))
          .toList();

  private ExpectationReader() {}

  /** Reads an element of {@code expect}. */
  static List<Check> read(Names names, YamlNode node) {
    List<Check> checks = new ArrayList<>();
    node.entries().forEach((key, value) -> checks.addAll(READERS.get(key).read(names, value)));
    if (checks.isEmpty()) {
      node.wrong("nothing is expected; allowed: a condition such as exactly, at-least or at-most");
    }
    return checks;
  }

  /** The checks of {@code exactly}, {@code at-least} and {@code at-most} on a number. */
  static List<Check> numbers(YamlNode node, String subject, Question question) {
    List<Check> checks = new ArrayList<>();
    node.get("exactly")
        .ifPresent(n -> checks.add(check(n, subject, question, new Condition.Exactly(n.bytes()))));
    node.get("at-least")
        .ifPresent(n -> checks.add(check(n, subject, question, new Condition.AtLeast(n.bytes()))));
    node.get("at-most")
        .ifPresent(n -> checks.add(check(n, subject, question, new Condition.AtMost(n.bytes()))));
    return checks;
  }

  static Check check(YamlNode node, String subject, Question question, Condition condition) {
    return new Check(node.line(), subject, question, condition);
  }

  /** A check that a key has this word; none if there is no such key. */
  static Optional<Check> word(YamlNode node, String key, String subject, Question question) {
    return node.get(key)
        .map(value -> check(value, subject, question, new Condition.Is(value.text())));
  }

  /** A check that a key's text is a part; the word "none" is the whole. */
  static Optional<Check> part(YamlNode node, String key, String subject, Question question) {
    return node.get(key)
        .map(
            value ->
                check(
                    value,
                    subject,
                    question,
                    value.text().equals(Fact.NONE)
                        ? new Condition.Is(Fact.NONE)
                        : new Condition.Contains(value.text())));
  }

  private static List<Check> task(Names names, YamlNode node) {
    List<Check> checks = new ArrayList<>();
    node.get("fault").ifPresent(v -> v.parsed(word -> Words.known("fault", word, FAULTS), ""));
    for (String key : node.entries().keySet()) {
      String subject = "task: " + key;
      Question question = evidence -> evidence.outcome().fact(key);
      if (NUMBERS.contains(key)) {
        checks.addAll(numbers(node.get(key).orElseThrow(), subject, question));
      } else if (TEXTS.contains(key)) {
        part(node, key, subject, question).ifPresent(checks::add);
      } else {
        word(node, key, subject, question).ifPresent(checks::add);
      }
    }
    return checks;
  }

  private static List<Check> space(Names names, YamlNode node) {
    Optional<YamlNode> vm = node.get("vm");
    Optional<YamlNode> file = node.get("file");
    LedgerFigure.Kind kind =
        Words.constant(LedgerFigure.Kind.class, node.text("figure").orElseThrow());
    boolean isOfFiles = vm.isPresent() || file.isPresent();
    if (isOfFiles != kind.isOfFiles() && (isOfFiles || kind != LedgerFigure.Kind.RESERVED)) {
      node.wrong(
          isOfFiles
              ? Words.of(kind) + " of a file; allowed: used, unique, referenced, logical, reserved"
              : Words.of(kind) + " of a volume; allowed: physical, reserved, inodes, snapshots");
    }
    LedgerFigure figure = figure(names, node, vm, file, kind);
    Optional<String> since = names.since(node);
    since.ifPresent(mark -> names.wantFigure(mark, figure));
    String subject = "space: " + figure.inWords() + since.map(m -> " since " + m).orElse("");
    return numbers(
        node,
        subject,
        evidence -> {
          long now = figure.read(evidence.stage());
          return Fact.of(since.map(mark -> now - evidence.figureAt(mark, figure)).orElse(now));
        });
  }

  private static LedgerFigure figure(
      Names names,
      YamlNode node,
      Optional<YamlNode> vm,
      Optional<YamlNode> file,
      LedgerFigure.Kind kind) {
    if (vm.isPresent() && names.vm(vm.get()).isPresent()) {
      Site.Mount mount = names.mountOf(vm.get().text());
      return new LedgerFigure(mount.array(), mount.volume(), vm.get().text(), kind);
    }
    String array = names.array(node);
    Optional<String> volume = names.volume(node, array);
    if (file.isPresent()) {
      String first = names.site().arrays().get(array).volumes().keySet().iterator().next();
      return new LedgerFigure(array, volume.orElse(first), file.get().text(), kind);
    }
    return new LedgerFigure(array, volume.orElse(""), "", kind);
  }
}
