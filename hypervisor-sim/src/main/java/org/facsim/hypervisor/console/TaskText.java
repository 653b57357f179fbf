/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.task.MethodFault;
import org.facsim.hypervisor.task.TaskInfo;

/** Tasks as {@code vim-cmd} prints them. */
final class TaskText {
  /** What a host calls the operations that vCenter calls by the name of a task. */
  private static final Map<String, String> METHODS =
      Map.ofEntries(
          Map.entry("PowerOnVM_Task", "vim.VirtualMachine.powerOn"),
          Map.entry("PowerOffVM_Task", "vim.VirtualMachine.powerOff"),
          Map.entry("ResetVM_Task", "vim.VirtualMachine.reset"),
          Map.entry("ReconfigVM_Task", "vim.VirtualMachine.reconfigure"),
          Map.entry("CloneVM_Task", "vim.VirtualMachine.clone"),
          Map.entry("RelocateVM_Task", "vim.VirtualMachine.relocate"),
          Map.entry("CreateSnapshot_Task", "vim.VirtualMachine.createSnapshot"),
          Map.entry("RemoveAllSnapshots_Task", "vim.VirtualMachine.removeAllSnapshots"),
          Map.entry("RevertToCurrentSnapshot_Task", "vim.VirtualMachine.revertToCurrentSnapshot"),
          Map.entry("ConsolidateVMDisks_Task", "vim.VirtualMachine.consolidateDisks"),
          Map.entry("RemoveSnapshot_Task", "vim.vm.Snapshot.remove"),
          Map.entry("RevertToSnapshot_Task", "vim.vm.Snapshot.revert"),
          Map.entry("CreateVM_Task", "vim.Folder.createVm"),
          Map.entry("RegisterVM_Task", "vim.Folder.registerVm"),
          Map.entry("Destroy_Task", "vim.ManagedEntity.destroy"));

  private final VmOperations operations;

  TaskText(VmOperations operations) {
    this.operations = operations;
  }

  /** The id of a host's task, such as {@code haTask-1-vim.VirtualMachine.powerOn-12}. */
  private String idOf(TaskInfo info) {
    String vmid =
        operations
            .find(info.entity())
            .map(RegisteredVm::id)
            .map(id -> Integer.toString(id))
            .orElse("ha-host");
    return "haTask-" + vmid + "-" + methodOf(info) + "-" + info.key().replaceAll("\\D", "");
  }

  private static String methodOf(TaskInfo info) {
    return METHODS.getOrDefault(info.name(), "vim." + info.name());
  }

  /** The key of a task by its id, or by its key. */
  static String keyOf(String id) {
    return id.startsWith("haTask-") ? "task-" + id.substring(id.lastIndexOf('-') + 1) : id;
  }

  String ids() {
    String all = operations.taskInfos().stream().map(this::idOf).collect(Collectors.joining(", "));
    return all.isEmpty() ? "none" : all;
  }

  String references(Predicate<TaskInfo> which) {
    String lines =
        operations.taskInfos().stream()
            .filter(which)
            .map(info -> "   'vim.Task:" + idOf(info) + "'")
            .collect(Collectors.joining(",\n"));
    return "(ManagedObjectReference) [" + (lines.isEmpty() ? "]\n" : "\n" + lines + "\n]\n");
  }

  String info(TaskInfo info) {
    String id = idOf(info);
    String method = methodOf(info);
    String entity =
        operations
            .find(info.entity())
            .map(vm -> "'vim.VirtualMachine:" + vm.id() + "'")
            .orElse("<unset>");
    return "(vim.TaskInfo) {\n"
        + "   key = \"%s\",\n".formatted(id)
        + "   task = 'vim.Task:%s',\n".formatted(id)
        + "   description = (vmodl.LocalizableMessage) null,\n"
        + "   name = \"%s\",\n".formatted(method)
        + "   descriptionId = \"%s\",\n".formatted(method.replaceFirst("^vim\\.", ""))
        + "   entity = %s,\n".formatted(entity)
        + "   entityName = \"%s\",\n".formatted(info.entity())
        + "   state = \"%s\",\n".formatted(info.state().vmwareName())
        + "   cancelled = %s,\n".formatted(info.cancelRequested())
        + "   cancelable = %s,\n".formatted(info.cancelable())
        + "   error = %s,\n".formatted(error(info.fault()))
        + "   result = <unset>,\n"
        + "   progress = %d,\n".formatted(info.progressPercent())
        + "   queueTime = \"%s\",\n".formatted(info.queueTime())
        + "   startTime = %s,\n".formatted(time(info.startTime()))
        + "   completeTime = %s\n".formatted(time(info.completeTime()))
        + "}\n";
  }

  private static String error(Optional<MethodFault> fault) {
    return fault
        .map(
            why ->
                "(vim.fault.%s) {\n      msg = \"%s\"\n   }"
                    .formatted(why.type().vmwareName(), why.message().replace("\"", "\\\"")))
        .orElse("(vmodl.MethodFault) null");
  }

  private static String time(Optional<Instant> at) {
    return at.map(moment -> "\"" + moment + "\"").orElse("<unset>");
  }
}
