/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.app.scenario.Scenario.Operation;
import org.facsim.app.scenario.StepReader.Deed;
import org.facsim.app.scenario.StepReader.Reader;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.operation.RegisterRequest;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.vm.DiskRange;
import org.facsim.hypervisor.vm.DiskTrim;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.services.units.ByteSize;

/** What is done to virtual machines, except copies of them. */
final class VmSteps {
  private static final String VM = "vm";

  private VmSteps() {}

  static void addTo(Map<String, Reader> readers) {
    readers.put("power-on", VmSteps::powerOn);
    readers.put(
        "power-off", (names, node) -> task(names, node, "power off", VmOperations::powerOff));
    readers.put("reset", (names, node) -> task(names, node, "reset", VmOperations::reset));
    readers.put(
        "mark-as-template",
        (names, node) -> task(names, node, "make a template of", VmOperations::markAsTemplate));
    readers.put(
        "mark-as-vm",
        (names, node) -> task(names, node, "make a VM of", VmOperations::markAsVirtualMachine));
    readers.put("write", VmSteps::write);
    readers.put("trim", VmSteps::trim);
    readers.put("configure", VmSteps::configure);
    readers.put("create", VmSteps::create);
    readers.put("delete", VmSteps::delete);
    readers.put("crash", VmSteps::crash);
  }

  private static Deed deed(String words, Operation operation) {
    return new Deed(words, operation);
  }

  /** What somebody asks a host to do with a VM. */
  interface Asked {
    Task<?> start(VmOperations operations, VirtualMachine vm);
  }

  /** Runs a task to its end; a failure is an outcome. */
  static Outcome run(Stage stage, String vm, Asked asked) {
    Stage.Resident resident = stage.resident(vm);
    try {
      var unused =
          stage.await(asked.start(stage.host(resident.host()).operations(), resident.vm()));
      return Outcome.DONE;
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  /** A step that names a VM and nothing else. */
  static Deed task(Names names, YamlNode node, String words, Asked asked) {
    String name = names.vm(node).orElse("");
    return deed(words + " " + name, stage -> run(stage, name, asked));
  }

  private static Deed powerOn(Names names, YamlNode node) {
    Optional<String> vm = names.vm(node.isMapping() ? node.get(VM).orElseThrow() : node);
    String name = vm.orElse("");
    Optional<String> host = node.get("host").map(h -> names.host(node));
    if (vm.isEmpty() || host.isEmpty()) {
      return deed("power on " + name, stage -> run(stage, name, VmOperations::powerOn));
    }
    Names.Home home = names.home(name);
    names.moved(name, host.get(), home.datastore());
    return deed(
        "register " + name + " on " + host.get() + " and power it on",
        stage -> registerAndPowerOn(stage, name, host.get(), home.datastore()));
  }

  private static Outcome registerAndPowerOn(
      Stage stage, String name, String host, String datastore) {
    try {
      VmOperations operations = stage.host(host).operations();
      Datastore there = stage.datastore(host, datastore);
      Optional<RegisteredVm> known = operations.find(name);
      VirtualMachine vm =
          known.isPresent()
              ? known.get().vm()
              : stage.await(
                  operations.register(new RegisterRequest(there, name + "/" + name + ".vmx")));
      var unused = stage.await(operations.powerOn(vm));
      stage.addRegistered(vm, host);
      return Outcome.DONE;
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  private static Deed write(Names names, YamlNode node) {
    String name = names.vm(node.get(VM).orElseThrow()).orElse("");
    DeclaredVm declared = name.isEmpty() ? DeclaredVm.UNKNOWN : names.contents(name);
    int disk = declared.disk(node, name);
    long at = node.get("at").map(YamlNode::bytes).orElse(0L);
    long size = node.get("size").orElseThrow().bytes();
    declared.requireRange(node, name, disk, at, size);
    return deed(
        "the guest of %s writes %s".formatted(name, ByteSize.format(size)),
        stage -> {
          try {
            stage.resident(name).vm().overwriteGuestData(disk, at, size);
            return Outcome.DONE;
          } catch (RuntimeException e) {
            return Outcome.failed(e);
          }
        });
  }

  private static Deed trim(Names names, YamlNode node) {
    String name = names.vm(node.get(VM).orElseThrow()).orElse("");
    DeclaredVm declared = name.isEmpty() ? DeclaredVm.UNKNOWN : names.contents(name);
    int disk = declared.disk(node, name);
    long at = node.get("at").map(YamlNode::bytes).orElse(0L);
    long size = node.get("size").orElseThrow().bytes();
    declared.requireRange(node, name, disk, at, size);
    return deed(
        "the guest of %s frees %s".formatted(name, ByteSize.format(size)),
        stage -> {
          try {
            List<DiskRange> ranges = List.of(new DiskRange(at, size));
            DiskTrim.Result result =
                stage.inTask(() -> stage.resident(name).vm().trim(disk, ranges));
            return Outcome.DONE
                .with("trimmed", result.trimmedBytes())
                .with("ignored", result.ignored().orElse(Fact.NONE));
          } catch (RuntimeException e) {
            return Outcome.failed(e);
          }
        });
  }

  private static Deed configure(Names names, YamlNode node) {
    String name = names.vm(node.get(VM).orElseThrow()).orElse("");
    Optional<YamlNode> changes = node.get("configuration");
    return deed(
        "change the configuration of " + name,
        stage ->
            run(
                stage,
                name,
                (operations, vm) ->
                    operations.reconfigure(
                        vm, SiteReader.configuration(vm.configuration(), changes))));
  }

  private static Deed create(Names names, YamlNode node) {
    YamlNode nameNode = node.get(VM).orElseThrow();
    names.requireNew(nameNode);
    String name = nameNode.text();
    Optional<Site.Vm> vm = SiteReader.vm(name, node, names.site().hosts(), names.site().guests());
    vm.ifPresentOrElse(names::made, () -> names.madeSomehow(name));
    return deed(
        "create " + name,
        stage -> {
          try {
            var unused = stage.create(vm.orElseThrow());
            return Outcome.DONE;
          } catch (RuntimeException e) {
            return Outcome.failed(e);
          }
        });
  }

  private static Deed delete(Names names, YamlNode node) {
    String name = names.vm(node).orElse("");
    return deed(
        "delete " + name,
        stage -> {
          if (stage.resident(name).vm().poweredOn()) {
            Outcome off = run(stage, name, VmOperations::powerOff);
            if (off.isFailure()) {
              return off;
            }
          }
          Outcome gone = run(stage, name, VmOperations::destroy);
          if (!gone.isFailure()) {
            stage.forget(name);
          }
          return gone;
        });
  }

  private static Deed crash(Names names, YamlNode node) {
    boolean isThere = node.declared("host", names.site().hosts().keySet());
    String host = isThere ? node.text() : "";
    return deed(
        host + " dies",
        stage -> {
          stage.host(host).crash();
          return Outcome.DONE;
        });
  }
}
