/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.operation.RegisterRequest;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.operation.SnapshotRequest;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.vm.VirtualMachine;

/**
 * {@code vim-cmd vmsvc/...} and {@code vim-cmd vimsvc/...}: VMs, their power and snapshots, and
 * tasks. A command that starts a task waits for its end, except {@code snapshot.*}, which in the
 * field only start one; here they wait, too, so that the next command sees what they did.
 */
final class VimCmd implements Command {
  /** What the field exits with when a command fails. */
  private static final int FAILED = 1;

  private final Map<String, Function<List<String>, String>> commands = new TreeMap<>();
  private final SimulatedHost host;
  private final VmOperations operations;
  private final TaskText tasks;

  VimCmd(SimulatedHost host) {
    this.host = host;
    this.operations = host.operations();
    this.tasks = new TaskText(operations);
    commands.put("vmsvc/getallvms", this::allVms);
    commands.put("vmsvc/power.getstate", this::powerState);
    commands.put("vmsvc/power.on", this::powerOn);
    commands.put("vmsvc/power.off", this::powerOff);
    commands.put("vmsvc/power.reset", this::reset);
    commands.put("vmsvc/snapshot.create", this::createSnapshot);
    commands.put("vmsvc/snapshot.get", this::snapshots);
    commands.put("vmsvc/snapshot.remove", this::removeSnapshot);
    commands.put("vmsvc/snapshot.removeall", this::removeAllSnapshots);
    commands.put("vmsvc/snapshot.revert", this::revert);
    commands.put("vmsvc/clone", this::startClone);
    commands.put("vmsvc/unregister", this::unregister);
    commands.put("vmsvc/destroy", this::destroy);
    commands.put("vmsvc/get.tasklist", this::tasksOfVm);
    commands.put("solo/registervm", this::register);
    commands.put("vimsvc/task_list", this::taskList);
    commands.put("vimsvc/task_info", this::taskInfo);
    commands.put("vimsvc/task_cancel", this::cancelTask);
  }

  @Override
  public String run(List<String> arguments) {
    if (arguments.isEmpty()) {
      return "Commands available under /:\n"
          + String.join("\n", commands.keySet()).replaceAll("(?m)^", "   ")
          + "\n";
    }
    Function<List<String>, String> command = commands.get(arguments.get(0));
    if (command == null) {
      throw new CommandFailure(
          FAILED,
          "Invalid command '"
              + arguments.get(0)
              + "'; allowed: "
              + String.join(", ", commands.keySet()));
    }
    return command.apply(arguments.subList(1, arguments.size()));
  }

  // ---------------------------------------------------------------- VMs

  private String allVms(List<String> arguments) {
    requireCount(arguments, 0, 0, "vmsvc/getallvms");
    if (operations.inventory().isEmpty()) {
      return "Vmid   Name   File   Guest OS   Version   Annotation\n";
    }
    PlainTable table = new PlainTable("Vmid", "Name", "File", "Guest OS", "Version", "Annotation");
    for (RegisteredVm each : operations.inventory()) {
      VirtualMachine vm = each.vm();
      table.row(
          Integer.toString(each.id()),
          vm.name(),
          "[" + vm.datastore().name() + "] " + vm.configurationPath(),
          vm.guest().guestId(),
          "vmx-08",
          each.template() ? "template" : "");
    }
    return table.toString();
  }

  private RegisteredVm vm(String id) {
    return operations.inventory().stream()
        .filter(each -> Integer.toString(each.id()).equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    FAILED,
                    "Unable to find a VM corresponding to \"" + id + "\"; Vmids: " + vmids()));
  }

  private String vmids() {
    List<String> ids =
        operations.inventory().stream().map(each -> Integer.toString(each.id())).toList();
    return ids.isEmpty() ? "none" : String.join(", ", ids);
  }

  private String powerState(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/power.getstate VMID");
    boolean isOn = vm(arguments.get(0)).vm().poweredOn();
    return "Retrieved runtime info\n" + (isOn ? "Powered on" : "Powered off") + "\n";
  }

  private String powerOn(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/power.on VMID");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    return waited("Powering on VM:\n", "Power on failed", operations.powerOn(vm));
  }

  private String powerOff(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/power.off VMID");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    return waited("Powering off VM:\n", "Power off failed", operations.powerOff(vm));
  }

  private String reset(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/power.reset VMID");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    return waited("Reset VM:\n", "Reset failed", operations.reset(vm));
  }

  private String unregister(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/unregister VMID");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    return waited("", "Unregister failed", operations.unregister(vm));
  }

  private String destroy(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/destroy VMID");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    return waited("", "Destroy failed", operations.destroy(vm));
  }

  private String register(List<String> arguments) {
    requireCount(arguments, 1, 2, "solo/registervm PATH [NAME]");
    ConsolePath path = ConsolePath.of(host, arguments.get(0), FAILED);
    Datastore datastore = path.datastore();
    RegisterRequest request;
    try {
      request = new RegisterRequest(datastore, path.path());
    } catch (IllegalArgumentException refused) {
      throw new CommandFailure(FAILED, refused.getMessage());
    }
    String printed = waited("", "Register failed", operations.register(request));
    return printed
        + operations.inventory().stream()
            .filter(each -> each.vm().configurationPath().equals(path.path()))
            .filter(each -> each.vm().datastore() == datastore)
            .map(each -> each.id() + "\n")
            .reduce("", (first, last) -> last);
  }

  /**
   * Ours: in the field, vCenter asks for a clone. Prints the task and does not wait for it, so that
   * it can be cancelled here.
   */
  private String startClone(List<String> arguments) {
    requireCount(arguments, 2, 2, "vmsvc/clone VMID NAME");
    VirtualMachine source = vm(arguments.get(0)).vm();
    CloneRequest request;
    try {
      request = new CloneRequest(arguments.get(1), source.datastore());
    } catch (IllegalArgumentException refused) {
      throw new CommandFailure(FAILED, refused.getMessage());
    }
    Task<CloneResult> task = operations.clone(source, request);
    return tasks.references(info -> info.key().equals(task.key()));
  }

  // ---------------------------------------------------------------- snapshots

  private String createSnapshot(List<String> arguments) {
    requireCount(
        arguments,
        1,
        5,
        "vmsvc/snapshot.create VMID [NAME] [DESCRIPTION] [INCLUDE_MEMORY] [QUIESCED]");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    String name = arguments.size() > 1 ? arguments.get(1) : "snapshot";
    SnapshotRequest request;
    try {
      request =
          new SnapshotRequest(
              name,
              arguments.size() > 2 ? arguments.get(2) : "",
              flag(arguments, 3),
              flag(arguments, 4),
              false);
    } catch (IllegalArgumentException refused) {
      throw new CommandFailure(FAILED, refused.getMessage());
    }
    return waited(
        "Create Snapshot:\n", "Create snapshot failed", operations.createSnapshot(vm, request));
  }

  /** The field takes 1 and true; anything else counts as false there. */
  private static boolean flag(List<String> arguments, int index) {
    if (arguments.size() <= index) {
      return false;
    }
    return switch (arguments.get(index)) {
      case "1", "true" -> true;
      case "0", "false", "" -> false;
      default ->
          throw new CommandFailure(
              FAILED, "'" + arguments.get(index) + "'; allowed: 0, 1, false, true");
    };
  }

  private String snapshots(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/snapshot.get VMID");
    return SnapshotText.of(vm(arguments.get(0)).vm());
  }

  private String removeSnapshot(List<String> arguments) {
    requireCount(arguments, 2, 3, "vmsvc/snapshot.remove VMID SNAPSHOT_ID [REMOVE_CHILDREN]");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    int snapshot = snapshotId(vm, arguments.get(1));
    return waited(
        "Remove Snapshot:\n",
        "Remove snapshot failed",
        operations.removeSnapshot(vm, snapshot, flag(arguments, 2)));
  }

  private String removeAllSnapshots(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/snapshot.removeall VMID");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    return waited(
        "Remove All Snapshots:\n",
        "Remove all snapshots failed",
        operations.removeAllSnapshots(vm));
  }

  private String revert(List<String> arguments) {
    requireCount(arguments, 2, 3, "vmsvc/snapshot.revert VMID SNAPSHOT_ID [SUPPRESS_POWER_ON]");
    VirtualMachine vm = vm(arguments.get(0)).vm();
    int snapshot = snapshotId(vm, arguments.get(1));
    return waited(
        "Revert Snapshot:\n", "Revert snapshot failed", operations.revertToSnapshot(vm, snapshot));
  }

  private static int snapshotId(VirtualMachine vm, String text) {
    return vm.snapshots().stream()
        .filter(each -> Integer.toString(each.id()).equals(text))
        .findFirst()
        .map(each -> each.id())
        .orElseThrow(
            () ->
                new CommandFailure(
                    FAILED,
                    "No snapshot with id '"
                        + text
                        + "'; there are: "
                        + (vm.snapshots().isEmpty()
                            ? "none"
                            : String.join(
                                ", ",
                                vm.snapshots().stream()
                                    .map(each -> Integer.toString(each.id()))
                                    .toList()))));
  }

  // ---------------------------------------------------------------- tasks

  private String tasksOfVm(List<String> arguments) {
    requireCount(arguments, 1, 1, "vmsvc/get.tasklist VMID");
    RegisteredVm of = vm(arguments.get(0));
    return tasks.references(info -> info.entity().equals(of.name()) && !info.state().isFinal());
  }

  private String taskList(List<String> arguments) {
    requireCount(arguments, 0, 0, "vimsvc/task_list");
    return tasks.references(info -> true);
  }

  private Task<?> task(String id) {
    Optional<Task<?>> found = operations.task(TaskText.keyOf(id));
    return found.orElseThrow(
        () ->
            new CommandFailure(FAILED, "Unable to find task '" + id + "'; tasks: " + tasks.ids()));
  }

  private String taskInfo(List<String> arguments) {
    requireCount(arguments, 1, 1, "vimsvc/task_info TASK");
    return tasks.info(task(arguments.get(0)).info());
  }

  private String cancelTask(List<String> arguments) {
    requireCount(arguments, 1, 1, "vimsvc/task_cancel TASK");
    if (!task(arguments.get(0)).cancel()) {
      throw new CommandFailure(FAILED, "The task cannot be canceled any more");
    }
    return "";
  }

  // ---------------------------------------------------------------- common

  private static void requireCount(List<String> arguments, int least, int most, String usage) {
    if (arguments.size() < least || arguments.size() > most) {
      throw new CommandFailure(FAILED, "Insufficient or surplus arguments.\nUsage: " + usage);
    }
  }

  private static String waited(String printed, String failed, Task<?> task) {
    try {
      task.await();
      return printed;
    } catch (MethodFaultException fault) {
      throw new CommandFailure(
          FAILED, printed, failed + "\n" + fault.type().vmwareName() + ": " + fault.getMessage());
    }
  }
}
