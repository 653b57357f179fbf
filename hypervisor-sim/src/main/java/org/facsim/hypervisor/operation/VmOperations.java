/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.facsim.hypervisor.backup.BackupRequest;
import org.facsim.hypervisor.backup.BackupResult;
import org.facsim.hypervisor.backup.BackupTask;
import org.facsim.hypervisor.clone.ClonePolicies;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.clone.CloneVmTask;
import org.facsim.hypervisor.clone.HostExplanation;
import org.facsim.hypervisor.clone.RelocateRequest;
import org.facsim.hypervisor.clone.RelocateResult;
import org.facsim.hypervisor.clone.RelocateVmTask;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.operation.Inventory.Use;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.task.TaskBody;
import org.facsim.hypervisor.task.TaskInfo;
import org.facsim.hypervisor.task.TaskList;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmHost;
import org.facsim.hypervisor.vm.VmSnapshot;
import org.facsim.hypervisor.vm.VmSpec;

/**
 * What an administrator can have a host do with VMs. Each operation is a task: the method returns
 * at once, and the task runs on the host's own threads. It takes the states, and ends with the
 * faults, of VMware's task of the same name. A task that fails or is canceled leaves the VM as it
 * was. Thread-safe.
 *
 * <p>A task that changes a VM has it alone, from the call that starts it until its end. Whoever
 * starts another one meanwhile gets a task that has failed already, with {@code TaskInProgress}.
 */
public final class VmOperations implements AutoCloseable {
  private final Inventory inventory = new Inventory();
  private final TaskList tasks;
  private final VmHost host;
  private final ClonePolicies policies;
  private final Bodies bodies;
  private final List<Consumer<HostExplanation>> listeners = new CopyOnWriteArrayList<>();

  /**
   * The operations of a host that knows no VM yet.
   *
   * @param hostName names the threads of tasks
   * @param host what its VMs need of it
   * @param policies what decides how guests are quiesced and who copies
   */
  public VmOperations(String hostName, VmHost host, ClonePolicies policies) {
    this.tasks = new TaskList(hostName, host.clock());
    this.host = host;
    this.policies = policies;
    this.bodies = new Bodies(inventory, host, policies);
  }

  // ---------------------------------------------------------------- inventory and tasks

  /** The VMs that the host knows, by id. */
  public List<RegisteredVm> inventory() {
    return inventory.list();
  }

  /** A VM by its name; the first one if several datastores have one of that name. */
  public Optional<RegisteredVm> find(String vmName) {
    return inventory.list().stream().filter(entry -> entry.name().equals(vmName)).findFirst();
  }

  /** Makes the host know a VM that was made otherwise. */
  public RegisteredVm adopt(VirtualMachine vm) {
    return inventory.add(vm, false);
  }

  /** Makes the host forget a VM whose files are gone. */
  public void forget(VirtualMachine vm) {
    inventory.remove(vm);
    inventory.list().forEach(entry -> entry.vm().removeLinkedClone(vm));
  }

  /** The host's tasks, oldest first: those under way, and the latest that have ended. */
  public List<TaskInfo> taskInfos() {
    return tasks.list();
  }

  /** A task by its key, such as {@code task-12}. */
  public Optional<Task<?>> task(String key) {
    return tasks.find(key);
  }

  /** Whether no task is queued or running. */
  public boolean isIdle() {
    return tasks.list().stream().allMatch(task -> task.state().isFinal()) && inventory.isIdle();
  }

  /** Asks every task to stop. They end by themselves soon: {@link #isIdle} tells. */
  public void cancelAll() {
    tasks.list().forEach(info -> tasks.find(info.key()).ifPresent(Task::cancel));
  }

  // ---------------------------------------------------------------- making and forgetting

  /** {@code CreateVM_Task}: makes a VM with empty disks. */
  public Task<VirtualMachine> create(Datastore datastore, VmSpec spec) {
    return tasks.start(
        "CreateVM_Task",
        spec.name(),
        context -> {
          context.checkCanceled();
          VirtualMachine vm = VirtualMachine.create(host, datastore, spec);
          inventory.add(vm, false);
          return vm;
        });
  }

  /**
   * {@code RegisterVM_Task}: reads a VM from its files, whoever wrote them. No lock is needed: a VM
   * that another host runs can be registered, and not be powered on.
   */
  public Task<VirtualMachine> register(RegisterRequest request) {
    return tasks.start("RegisterVM_Task", request.path(), context -> bodies.register(request));
  }

  /** {@code UnregisterVM}: forgets a VM that is off; its files stay. */
  public Task<Void> unregister(VirtualMachine vm) {
    return using(
        "UnregisterVM",
        vm,
        Use.ALONE,
        context -> {
          bodies.unregister(vm);
          return null;
        });
  }

  /** {@code Destroy_Task}: deletes the files of a VM that is off. */
  public Task<Void> destroy(VirtualMachine vm) {
    return using(
        "Destroy_Task",
        vm,
        Use.ALONE,
        holding(vm::holdToDelete, context -> bodies.destroy(vm, context)));
  }

  /** {@code ReconfigVM_Task}: changes how the guest is set up. */
  public Task<Void> reconfigure(VirtualMachine vm, GuestConfiguration configuration) {
    return alone(
        "ReconfigVM_Task",
        vm,
        context -> {
          vm.reconfigure(configuration);
          return null;
        });
  }

  // ---------------------------------------------------------------- power

  /** {@code PowerOnVM_Task}. FileLocked if another host runs it. */
  public Task<Void> powerOn(VirtualMachine vm) {
    return alone(
        "PowerOnVM_Task",
        vm,
        context -> {
          Bodies.requireOff(vm, "power on");
          bodies.requireNoTemplate(vm, "powered on");
          vm.powerOn();
          return null;
        });
  }

  /** {@code PowerOffVM_Task}. */
  public Task<Void> powerOff(VirtualMachine vm) {
    return alone(
        "PowerOffVM_Task",
        vm,
        context -> {
          Bodies.requireOn(vm, "power off");
          vm.powerOff();
          return null;
        });
  }

  /** {@code ResetVM_Task}: the guest starts again; the host keeps its locks. */
  public Task<Void> reset(VirtualMachine vm) {
    return alone(
        "ResetVM_Task",
        vm,
        context -> {
          Bodies.requireOn(vm, "reset");
          vm.reset();
          return null;
        });
  }

  // ---------------------------------------------------------------- snapshots

  /** {@code CreateSnapshot_Task}. */
  public Task<VmSnapshot> createSnapshot(VirtualMachine vm, SnapshotRequest request) {
    return alone("CreateSnapshot_Task", vm, context -> bodies.snapshot(vm, request, context));
  }

  /** {@code RevertToSnapshot_Task}: what came after the snapshot is lost, its children stay. */
  public Task<Void> revertToSnapshot(VirtualMachine vm, int snapshotId) {
    return alone("RevertToSnapshot_Task", vm, context -> bodies.revert(vm, snapshotId, context));
  }

  /** {@code RevertToCurrentSnapshot_Task}. */
  public Task<Void> revertToCurrentSnapshot(VirtualMachine vm) {
    return alone(
        "RevertToCurrentSnapshot_Task",
        vm,
        context -> bodies.revert(vm, Bodies.currentSnapshot(vm), context));
  }

  /**
   * {@code RemoveSnapshot_Task}: merges what only the snapshot kept apart.
   *
   * @param removeChildren whether the snapshots that were taken after it on its branch go, too
   */
  public Task<Void> removeSnapshot(VirtualMachine vm, int snapshotId, boolean removeChildren) {
    return alone(
        "RemoveSnapshot_Task",
        vm,
        context -> bodies.removeSnapshot(vm, snapshotId, removeChildren, context));
  }

  /** {@code RemoveAllSnapshots_Task}. */
  public Task<Void> removeAllSnapshots(VirtualMachine vm) {
    return alone("RemoveAllSnapshots_Task", vm, context -> bodies.removeAllSnapshots(vm, context));
  }

  /** {@code ConsolidateVMDisks_Task}: merges and deletes redo logs that no snapshot needs. */
  public Task<Void> consolidateDisks(VirtualMachine vm) {
    return alone("ConsolidateVMDisks_Task", vm, context -> bodies.consolidate(vm, context));
  }

  // ---------------------------------------------------------------- copies

  /**
   * Adds somebody who is told of every copy that came to its end: who moved the data, and why. Is
   * told on the task's thread before the task ends, and must not wait.
   */
  public void whenExplained(Consumer<HostExplanation> listener) {
    listeners.add(listener);
  }

  /** Takes a clone into the inventory that was made without a task here, and explains it. */
  public void adopt(CloneResult made) {
    inventory.add(made.vm(), false);
    explain(made.explanation());
  }

  private void explain(HostExplanation explanation) {
    listeners.forEach(listener -> listener.accept(explanation));
  }

  /**
   * {@code CloneVM_Task}: a whole copy of a VM or a template. Hot if the VM runs: it is quiesced
   * and has a snapshot meanwhile.
   */
  public Task<CloneResult> clone(VirtualMachine source, CloneRequest request) {
    TaskBody<CloneResult> body =
        context -> {
          CloneResult made =
              new CloneVmTask(policies, host.clock(), source, request, context).run();
          adopt(made);
          return made;
        };
    return using(
        "CloneVM_Task",
        source,
        source.poweredOn() ? Use.ALONE : Use.SHARED,
        // Several hosts may deploy a template at once: nobody starts it.
        inventory.isTemplate(source) ? body : holding(source::hold, body));
  }

  /** {@code CloneVM_Task} of a template; NotSupported if the VM is none. */
  public Task<CloneResult> deployFromTemplate(VirtualMachine template, CloneRequest request) {
    if (!inventory.isTemplate(template)) {
      return tasks.refused(
          "CloneVM_Task",
          template.name(),
          new MethodFaultException(
              FaultType.NOT_SUPPORTED, template.name() + " is not a template"));
    }
    return clone(template, request);
  }

  /** {@code CloneVM_Task} of a snapshot's disks, which the clone shares. */
  public Task<VirtualMachine> linkedClone(VirtualMachine source, LinkedCloneRequest request) {
    return alone("CloneVM_Task", source, context -> bodies.linkedClone(source, request, context));
  }

  /** {@code MarkAsTemplate}: a VM that is off becomes a template. */
  public Task<Void> markAsTemplate(VirtualMachine vm) {
    return alone("MarkAsTemplate", vm, context -> bodies.markAsTemplate(vm, true));
  }

  /** {@code MarkAsVirtualMachine}: a template becomes a VM. */
  public Task<Void> markAsVirtualMachine(VirtualMachine vm) {
    return alone("MarkAsVirtualMachine", vm, context -> bodies.markAsTemplate(vm, false));
  }

  /**
   * {@code RelocateVM_Task}: moves a VM to another datastore. Cold if it is off; otherwise Storage
   * vMotion, during which the guest writes on.
   */
  public Task<RelocateResult> relocate(VirtualMachine vm, RelocateRequest request) {
    return alone(
        "RelocateVM_Task",
        vm,
        context -> {
          RelocateResult moved =
              new RelocateVmTask(policies, host.clock(), vm, request, context).run();
          explain(moved.explanation());
          return moved;
        });
  }

  /**
   * Backs a VM up with a snapshot that goes again. VMware has no task of its own for that: a backup
   * program takes the snapshot, reads, and removes it. It is called {@code BackupVM} here.
   */
  public Task<BackupResult> backup(VirtualMachine vm, BackupRequest request) {
    return alone(
        "BackupVM",
        vm,
        context ->
            new BackupTask(policies.quiescePolicy(), policies.version(), vm, request, context)
                .run());
  }

  // ---------------------------------------------------------------- disks

  /** {@code ReconfigVM_Task}: tracks which blocks change, or no longer. */
  public Task<Void> trackChanges(VirtualMachine vm, boolean enabled) {
    return alone(
        "ReconfigVM_Task",
        vm,
        context -> {
          vm.trackChanges(enabled);
          return null;
        });
  }

  /** {@code ExtendVirtualDisk_Task}: grows a disk of a VM without snapshots. */
  public Task<Void> extendDisk(VirtualMachine vm, int diskIndex, long newBytes) {
    return alone(
        "ExtendVirtualDisk_Task",
        vm,
        context -> {
          vm.extendDisk(diskIndex, newBytes);
          return null;
        });
  }

  /**
   * {@code InflateVirtualDisk_Task}: makes a thin disk of a VM that is off thick, eagerly zeroed.
   */
  public Task<Void> inflateDisk(VirtualMachine vm, int diskIndex) {
    return alone(
        "InflateVirtualDisk_Task",
        vm,
        context -> {
          Bodies.requireOff(vm, "inflate a disk");
          vm.inflateDisk(diskIndex);
          return null;
        });
  }

  // ---------------------------------------------------------------- state of a lab

  /** The host's VMs at one moment, without their files: opaque. */
  public static final class Saved {
    private final Inventory.Saved inventory;
    private final Map<VirtualMachine, VirtualMachine.Saved> machines;

    private Saved(Inventory.Saved inventory, Map<VirtualMachine, VirtualMachine.Saved> machines) {
      this.inventory = inventory;
      this.machines = machines;
    }
  }

  /**
   * What the host remembers of its VMs, without a call to the array. To be called while no task
   * runs.
   *
   * @throws IllegalStateException if one does
   */
  public Saved save() {
    requireIdle();
    Inventory.Saved entries = inventory.save();
    return new Saved(
        entries,
        entries.entries().stream()
            .collect(
                Collectors.toMap(
                    RegisteredVm::vm,
                    (Function<RegisteredVm, VirtualMachine.Saved>) entry -> entry.vm().save())));
  }

  /**
   * Makes the host remember what it did at a save, after the array's files have gone back to that
   * moment, too. No call to the array. VMs that were made since are forgotten.
   *
   * @throws IllegalStateException if a task runs
   */
  public void restore(Saved saved) {
    requireIdle();
    saved.machines.forEach(VirtualMachine::restore);
    inventory.restore(saved.inventory);
  }

  private void requireIdle() {
    if (!isIdle()) {
      throw new IllegalStateException("a task is under way");
    }
  }

  /** The host died: it knows no VM any more, and whatever was under way comes to nothing. */
  public void crash() {
    cancelAll();
    inventory.clear();
  }

  /** Cancels what is under way, waits for its end, and takes no task any more. */
  @Override
  public void close() {
    tasks.close();
  }

  // ---------------------------------------------------------------- how a task is started

  private <T> Task<T> alone(String name, VirtualMachine vm, TaskBody<T> body) {
    return using(name, vm, Use.ALONE, holding(vm::hold, body));
  }

  /** Keeps other hosts away from the VM while the task works on it. */
  private static <T> TaskBody<T> holding(Supplier<VirtualMachine.Hold> hold, TaskBody<T> body) {
    return context -> {
      context.checkCanceled();
      VirtualMachine.Hold held = hold.get();
      try {
        return body.run(context);
      } finally {
        held.close();
      }
    };
  }

  private <T> Task<T> using(String name, VirtualMachine vm, Use use, TaskBody<T> body) {
    try {
      inventory.enter(vm, use);
    } catch (MethodFaultException e) {
      return tasks.refused(name, vm.name(), e);
    }
    return tasks.start(name, vm.name(), body, () -> inventory.leave(vm));
  }
}
