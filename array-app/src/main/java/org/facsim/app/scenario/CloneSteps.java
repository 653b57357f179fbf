/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.app.scenario.Scenario.Step;
import org.facsim.app.scenario.StepReader.Deed;
import org.facsim.app.scenario.StepReader.Reader;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.clone.RelocateRequest;
import org.facsim.hypervisor.clone.RelocateResult;
import org.facsim.hypervisor.operation.LinkedCloneRequest;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.vm.VirtualMachine;

/** Copies of virtual machines, by a host, by the array's own UI, and by a plugin. */
final class CloneSteps {
  private static final String VM = "vm";
  private static final String TO = "to";

  private CloneSteps() {}

  static void addTo(Map<String, Reader> readers) {
    readers.put("clone", CloneSteps::cloneVm);
    readers.put("deploy", CloneSteps::deploy);
    readers.put("linked-clone", CloneSteps::linkedClone);
    readers.put("migrate", CloneSteps::migrate);
    readers.put("array-clone", CloneSteps::arrayClone);
    readers.put("offload", PluginCall::read);
    readers.put("backup", BackupStep::read);
  }

  private static Deed cloneVm(Names names, YamlNode node) {
    return copy(names, node, VM, "clones", VmOperations::clone);
  }

  private static Deed deploy(Names names, YamlNode node) {
    return copy(names, node, "template", "deploys", VmOperations::deployFromTemplate);
  }

  /** How a host makes a whole copy. */
  private interface Copy {
    Task<CloneResult> start(VmOperations operations, VirtualMachine source, CloneRequest request);
  }

  private static Deed copy(Names names, YamlNode node, String key, String verb, Copy copy) {
    Optional<String> vm = names.vm(node.get(key).orElseThrow());
    YamlNode toNode = node.get(TO).orElseThrow();
    names.requireNew(toNode);
    String to = toNode.text();
    if (vm.isEmpty()) {
      names.madeSomehow(to);
      return new Deed("", stage -> Outcome.DONE);
    }
    Names.Home home = names.home(vm.get());
    String datastore = names.datastore(node, home.host()).orElse(home.datastore());
    names.made(to, home.host(), datastore, vm.get());
    Meanwhile meanwhile = Meanwhile.read(names, node.get("meanwhile"));
    return new Deed(
        "%s %s %s to %s".formatted(home.host(), verb, vm.get(), to)
            + (datastore.equals(home.datastore()) ? "" : " on " + datastore)
            + meanwhile.inWords(),
        stage -> copy(stage, copy, vm.get(), to, datastore, meanwhile));
  }

  private static Outcome copy(
      Stage stage, Copy copy, String vm, String to, String datastore, Meanwhile meanwhile) {
    Stage.Resident source = stage.resident(vm);
    WatchedProgress progress = meanwhile.watch(stage);
    try {
      CloneResult result =
          stage.await(
              copy.start(
                  stage.host(source.host()).operations(),
                  source.vm(),
                  new CloneRequest(to, stage.datastore(source.host(), datastore), progress)));
      stage.add(result.vm(), source.host(), source.hasKnownContents());
      return progress.addTo(outcome(result));
    } catch (RuntimeException e) {
      return progress.addTo(Outcome.failed(e));
    }
  }

  private static Outcome outcome(CloneResult result) {
    return moved(result.clonedBy(), result.reason(), result.offloadFailure())
        .with("level", result.quiescing().level().label())
        .with("snapshots-taken", result.snapshotsTaken())
        .with("redo-logs-per-disk", result.redoLogsPerDisk())
        .with("read", result.io().readBytes())
        .with("written", result.destinationData().writeBytes())
        .with("seconds", result.elapsed().toSeconds());
  }

  private static Outcome moved(CloneMethod by, String reason, Optional<String> offloadFailure) {
    return Outcome.DONE
        .with("by", by.label())
        .with("reason", reason)
        .with("offload-failure", offloadFailure.orElse(Fact.NONE));
  }

  private static Deed linkedClone(Names names, YamlNode node) {
    Optional<String> vm = names.vm(node.get(VM).orElseThrow());
    YamlNode toNode = node.get(TO).orElseThrow();
    names.requireNew(toNode);
    String to = toNode.text();
    if (vm.isEmpty()) {
      names.madeSomehow(to);
      return new Deed("", stage -> Outcome.DONE);
    }
    Names.Home home = names.home(vm.get());
    Optional<String> snapshot = SnapshotSteps.snapshot(names, node, vm.get());
    names.made(to, home.host(), home.datastore(), vm.get());
    LinkedCloneRequest plain = LinkedCloneRequest.named(to);
    LinkedCloneRequest request = node.flag("native", false) ? plain.allowingNative() : plain;
    return new Deed(
        "%s makes the linked clone %s of %s".formatted(home.host(), to, vm.get())
            + snapshot.map(name -> ", snapshot " + name).orElse(""),
        stage -> linkedClone(stage, vm.get(), snapshot, request));
  }

  private static Outcome linkedClone(
      Stage stage, String vm, Optional<String> snapshot, LinkedCloneRequest request) {
    Stage.Resident source = stage.resident(vm);
    try {
      VirtualMachine clone =
          stage.await(
              stage
                  .host(source.host())
                  .operations()
                  .linkedClone(
                      source.vm(),
                      snapshot
                          .map(name -> request.of(SnapshotSteps.idOf(source.vm(), name)))
                          .orElse(request)));
      stage.add(clone, source.host(), source.hasKnownContents());
      return Outcome.DONE;
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  private static Deed migrate(Names names, YamlNode node) {
    Optional<String> vm = names.vm(node.get(VM).orElseThrow());
    if (vm.isEmpty()) {
      return new Deed("", stage -> Outcome.DONE);
    }
    Names.Home home = names.home(vm.get());
    String datastore = names.datastore(node, home.host()).orElse(home.datastore());
    names.moved(vm.get(), home.host(), datastore);
    Meanwhile meanwhile = Meanwhile.read(names, node.get("meanwhile"));
    return new Deed(
        "%s migrates %s to %s".formatted(home.host(), vm.get(), datastore) + meanwhile.inWords(),
        stage -> migrate(stage, vm.get(), datastore, meanwhile));
  }

  private static Outcome migrate(Stage stage, String vm, String datastore, Meanwhile meanwhile) {
    Stage.Resident resident = stage.resident(vm);
    WatchedProgress progress = meanwhile.watch(stage);
    try {
      RelocateResult result =
          stage.await(
              stage
                  .host(resident.host())
                  .operations()
                  .relocate(
                      resident.vm(),
                      new RelocateRequest(stage.datastore(resident.host(), datastore), progress)));
      return progress.addTo(
          moved(result.movedBy(), result.reason(), result.offloadFailure())
              .with("read", result.io().readBytes())
              .with("written", result.io().writeBytes())
              .with("seconds", result.elapsed().toSeconds()));
    } catch (RuntimeException e) {
      return progress.addTo(Outcome.failed(e));
    }
  }

  private static Deed arrayClone(Names names, YamlNode node) {
    Optional<String> vm = names.vm(node.get(VM).orElseThrow());
    YamlNode toNode = node.get(TO).orElseThrow();
    names.requireNew(toNode);
    String to = toNode.text();
    if (vm.isEmpty()) {
      names.madeSomehow(to);
      return new Deed("", stage -> Outcome.DONE);
    }
    Names.Home home = names.home(vm.get());
    Site.Mount mount = names.mountOf(vm.get());
    names.made(to, home.host(), home.datastore(), vm.get());
    return new Deed(
        "an administrator clones %s to %s in the array's own UI".formatted(vm.get(), to),
        stage -> {
          stage.cloneInTheArray(mount, vm.get(), to);
          return Outcome.DONE.with("by", "array-ui");
        });
  }

  /**
   * What happens while a task is under way.
   *
   * @param percent how far the task is then; 0 for nothing at all
   * @param isCancelled whether the task is cancelled then
   */
  record Meanwhile(int percent, List<Step> steps, boolean isCancelled) {
    static Meanwhile read(Names names, Optional<YamlNode> node) {
      return node.map(
              given ->
                  new Meanwhile(
                      (int) given.number("percent", 0),
                      given.get("do").map(list -> StepReader.read(names, list)).orElse(List.of()),
                      given.flag("cancel", false)))
          .orElse(new Meanwhile(0, List.of(), false));
    }

    WatchedProgress watch(Stage stage) {
      return new WatchedProgress(
          percent, () -> steps.forEach(step -> step.operation().run(stage)), isCancelled);
    }

    String inWords() {
      if (percent == 0) {
        return "";
      }
      StringBuilder words = new StringBuilder("; at " + percent + " %: ");
      words.append(String.join(", ", steps.stream().map(Step::words).toList()));
      return words.append(isCancelled ? (steps.isEmpty() ? "" : ", ") + "cancel" : "").toString();
    }
  }
}
