/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.app.scenario.StepReader.Deed;
import org.facsim.app.scenario.StepReader.Reader;
import org.facsim.hypervisor.operation.SnapshotRequest;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;
import org.facsim.services.units.ByteSize;

/** What is done to snapshots and disks of virtual machines. */
final class SnapshotSteps {
  private static final String VM = "vm";
  private static final String SNAPSHOT = "snapshot";

  private SnapshotSteps() {}

  static void addTo(Map<String, Reader> readers) {
    readers.put(SNAPSHOT, SnapshotSteps::snapshot);
    readers.put("revert", SnapshotSteps::revert);
    readers.put("remove-snapshot", SnapshotSteps::removeSnapshot);
    readers.put(
        "remove-snapshots",
        (names, node) ->
            VmSteps.task(names, node, "remove all snapshots of", VmOperations::removeAllSnapshots));
    readers.put(
        "consolidate",
        (names, node) ->
            VmSteps.task(names, node, "consolidate the disks of", VmOperations::consolidateDisks));
    readers.put("extend-disk", SnapshotSteps::extendDisk);
    readers.put("inflate-disk", SnapshotSteps::inflateDisk);
    readers.put("track-changes", SnapshotSteps::trackChanges);
  }

  private static String vm(Names names, YamlNode node) {
    return names.vm(node.get(VM).orElseThrow()).orElse("");
  }

  private static DeclaredVm contents(Names names, String vm) {
    return vm.isEmpty() ? DeclaredVm.UNKNOWN : names.contents(vm);
  }

  /** The snapshot under {@code snapshot}; empty for the current one. */
  static Optional<String> snapshot(Names names, YamlNode node, String vm) {
    Optional<YamlNode> named = node.get(SNAPSHOT);
    named.ifPresent(name -> contents(names, vm).requireSnapshot(name, vm));
    return named.map(YamlNode::text);
  }

  /**
   * The id of the newest snapshot of a name.
   *
   * @throws MethodFaultException NotFound
   */
  static int idOf(VirtualMachine vm, String name) {
    List<VmSnapshot> named =
        vm.snapshots().stream().filter(each -> each.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new MethodFaultException(
          FaultType.NOT_FOUND, "%s has no snapshot '%s'".formatted(vm.name(), name));
    }
    return named.get(named.size() - 1).id();
  }

  private static Deed snapshot(Names names, YamlNode node) {
    String vm = vm(names, node);
    SnapshotRequest plain = SnapshotRequest.named(node.text("name").orElseThrow());
    SnapshotRequest quiesced = node.flag("quiesce", false) ? plain.quiesced() : plain;
    SnapshotRequest request = node.flag("native", false) ? quiesced.allowingNative() : quiesced;
    contents(names, vm).snapshotTaken(request.name());
    return new Deed(
        "take snapshot " + request.name() + " of " + vm,
        stage ->
            VmSteps.run(stage, vm, (operations, of) -> operations.createSnapshot(of, request)));
  }

  private static Deed revert(Names names, YamlNode node) {
    String vm = names.vm(node.isMapping() ? node.get(VM).orElseThrow() : node).orElse("");
    Optional<String> snapshot = node.isMapping() ? snapshot(names, node, vm) : Optional.empty();
    return new Deed(
        "go back to %s of %s".formatted(snapshot.orElse("the current snapshot"), vm),
        stage ->
            VmSteps.run(
                stage,
                vm,
                (operations, of) ->
                    snapshot.isPresent()
                        ? operations.revertToSnapshot(of, idOf(of, snapshot.get()))
                        : operations.revertToCurrentSnapshot(of)));
  }

  private static Deed removeSnapshot(Names names, YamlNode node) {
    String vm = vm(names, node);
    String snapshot = snapshot(names, node, vm).orElseThrow();
    boolean children = node.flag("children", false);
    return new Deed(
        "remove snapshot %s of %s".formatted(snapshot, vm)
            + (children ? " and those that were taken on it" : ""),
        stage ->
            VmSteps.run(
                stage,
                vm,
                (operations, of) -> operations.removeSnapshot(of, idOf(of, snapshot), children)));
  }

  private static Deed extendDisk(Names names, YamlNode node) {
    String vm = vm(names, node);
    DeclaredVm declared = contents(names, vm);
    int disk = declared.disk(node, vm);
    long size = node.get("size").orElseThrow().bytes();
    declared.extended(node, vm, disk, size);
    return new Deed(
        "grow disk %d of %s to %s".formatted(disk, vm, ByteSize.format(size)),
        stage -> VmSteps.run(stage, vm, (operations, of) -> operations.extendDisk(of, disk, size)));
  }

  private static Deed inflateDisk(Names names, YamlNode node) {
    String vm = vm(names, node);
    int disk = contents(names, vm).disk(node, vm);
    return new Deed(
        "make disk %d of %s thick".formatted(disk, vm),
        stage -> VmSteps.run(stage, vm, (operations, of) -> operations.inflateDisk(of, disk)));
  }

  private static Deed trackChanges(Names names, YamlNode node) {
    String vm = vm(names, node);
    boolean enabled = node.flag("enabled", true);
    return new Deed(
        (enabled ? "track" : "no longer track") + " which blocks of " + vm + " change",
        stage -> VmSteps.run(stage, vm, (operations, of) -> operations.trackChanges(of, enabled)));
  }
}
