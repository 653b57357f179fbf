/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.facsim.app.scenario.Check.Question;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.FileSpaceUse;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.mover.Verification;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;

/** What hosts say of datastores, VMs and disks, and what a reader of the disks finds. */
final class HostQuestions {
  private static final String VM = "vm";

  private HostQuestions() {}

  static void addTo(Map<String, ExpectationReader.Reader> readers) {
    readers.put("log", HostQuestions::log);
    readers.put("host", HostQuestions::host);
    readers.put("contents", HostQuestions::contents);
    readers.put("disk", HostQuestions::disk);
    readers.put(VM, HostQuestions::vm);
  }

  private static List<Check> log(Names names, YamlNode node) {
    String host = names.host(node);
    String text = node.text("contains").orElseThrow();
    Optional<String> since = names.since(node);
    return ExpectationReader.numbers(
        node,
        "log: lines of %s with '%s'".formatted(host, text),
        evidence -> {
          List<String> found =
              evidence.log(host, since).stream().filter(line -> line.contains(text)).toList();
          return new Fact(Integer.toString(found.size()), found);
        });
  }

  private static List<Check> host(Names names, YamlNode node) {
    String host = names.host(node);
    String datastore = names.datastore(node, host).orElse(names.firstDatastore(host));
    String subject = "host: %s of %s on " + host + " is";
    List<Check> checks = new ArrayList<>();
    Function<Evidence, Datastore> of = evidence -> evidence.stage().datastore(host, datastore);
    ask(node, "path-state", subject, datastore, e -> Words.of(of.apply(e).pathState()))
        .ifPresent(checks::add);
    ask(
            node,
            "hardware-acceleration",
            subject,
            datastore,
            e -> acceleration(e, of).status().label())
        .ifPresent(checks::add);
    ask(
            node,
            "full-file-clone",
            subject,
            datastore,
            e -> Boolean.toString(acceleration(e, of).fullFileClone()))
        .ifPresent(checks::add);
    node.get("unavailable")
        .flatMap(
            n ->
                ExpectationReader.part(
                    node,
                    "unavailable",
                    subject.formatted("unavailable", datastore),
                    e ->
                        Fact.of(
                            Optional.ofNullable(acceleration(e, of).unavailable())
                                .orElse(Fact.NONE))))
        .ifPresent(checks::add);
    return checks;
  }

  private static HardwareAcceleration acceleration(
      Evidence evidence, Function<Evidence, Datastore> of) {
    return evidence.observe(() -> of.apply(evidence).hardwareAcceleration());
  }

  private static Optional<Check> ask(
      YamlNode node,
      String key,
      String subject,
      String datastore,
      Function<Evidence, String> answer) {
    return ExpectationReader.word(
        node, key, subject.formatted(key, datastore), e -> Fact.of(answer.apply(e)));
  }

  private static List<Check> contents(Names names, YamlNode node) {
    String name = names.vm(node.get(VM).orElseThrow()).orElse("");
    Question question = evidence -> evidence.observe(() -> isWhole(evidence.stage(), name));
    return List.of(
        ExpectationReader.check(
            node,
            "contents: disks of " + name + " read as the guest wrote them",
            question,
            new Condition.Is(Boolean.toString(node.flag("whole", true)))));
  }

  private static Fact isWhole(Stage stage, String name) {
    if (!stage.hasKnownContents(name)) {
      return Fact.unknown(
          "nobody knows what it holds: a host read it from its files, or a write failed");
    }
    List<String> evidence = new ArrayList<>();
    for (Stage.ReadableDisk disk : stage.readable(name)) {
      try {
        Verification found =
            new DiskVerifier(disk.datastore()).verifyAll(disk.descriptorPath(), disk.contents());
        found.mismatch().ifPresent(m -> evidence.add(disk.descriptorPath() + ": " + m));
      } catch (RuntimeException e) {
        evidence.add(disk.descriptorPath() + ": " + e.getMessage());
      }
    }
    return new Fact(Boolean.toString(evidence.isEmpty()), evidence);
  }

  private static List<Check> disk(Names names, YamlNode node) {
    String vm = names.vm(node.get(VM).orElseThrow()).orElse("");
    int index = (vm.isEmpty() ? DeclaredVm.UNKNOWN : names.contents(vm)).disk(node, vm);
    String subject = "disk: %s of disk " + index + " of " + vm;
    Function<Evidence, VirtualDisk> of =
        evidence -> evidence.stage().resident(vm).vm().disks().get(index);
    List<Check> checks = new ArrayList<>();
    ExpectationReader.word(
            node,
            "format",
            subject.formatted("format"),
            e -> Fact.of(Words.of(of.apply(e).provisioning().got())))
        .ifPresent(checks::add);
    ExpectationReader.part(
            node,
            "flag",
            subject.formatted("flag"),
            e -> Fact.of(of.apply(e).provisioning().flag().orElse(Fact.NONE)))
        .ifPresent(checks::add);
    ExpectationReader.part(
            node,
            "space-flag",
            subject.formatted("space flag"),
            e -> Fact.of(use(e, vm, index).flag().orElse(Fact.NONE)))
        .ifPresent(checks::add);
    node.get("committed")
        .ifPresent(
            n ->
                checks.addAll(
                    ExpectationReader.numbers(
                        n,
                        subject.formatted("committed bytes"),
                        e -> Fact.of(use(e, vm, index).committedBytes()))));
    node.get("redo-logs")
        .ifPresent(
            n ->
                checks.addAll(
                    ExpectationReader.numbers(
                        n,
                        subject.formatted("redo logs"),
                        e -> Fact.of(of.apply(e).redoLogCount()))));
    node.get("unshared")
        .ifPresent(
            n ->
                checks.addAll(
                    ExpectationReader.numbers(
                        n,
                        subject.formatted("unshared bytes"),
                        e -> Fact.of(use(e, vm, index).unsharedBytes()))));
    return checks;
  }

  private static FileSpaceUse use(Evidence evidence, String vm, int index) {
    VirtualMachine of = evidence.stage().resident(vm).vm();
    return evidence.observe(() -> of.datastore().spaceOf(of.disks().get(index).flatPath()));
  }

  private static List<Check> vm(Names names, YamlNode node) {
    String name = names.vm(node.get(VM).orElseThrow()).orElse("");
    List<Check> checks = new ArrayList<>();
    ExpectationReader.word(
            node,
            "powered-on",
            "vm: " + name + " is powered on",
            e -> Fact.of(e.stage().resident(name).vm().poweredOn()))
        .ifPresent(checks::add);
    ExpectationReader.word(
            node, "host", "vm: host of " + name, e -> Fact.of(e.stage().resident(name).host()))
        .ifPresent(checks::add);
    ExpectationReader.word(
            node,
            "template",
            "vm: " + name + " is a template",
            e -> Fact.of(e.stage().resident(name).vm().isTemplate()))
        .ifPresent(checks::add);
    ExpectationReader.word(
            node,
            "consolidation-needed",
            "vm: " + name + " needs consolidation",
            e -> Fact.of(e.stage().resident(name).vm().consolidationNeeded()))
        .ifPresent(checks::add);
    node.get("snapshots")
        .ifPresent(
            n ->
                checks.addAll(
                    ExpectationReader.numbers(
                        n,
                        "vm: snapshots of " + name,
                        e -> Fact.of(e.stage().resident(name).vm().snapshots().size()))));
    return checks;
  }
}
