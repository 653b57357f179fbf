/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.operation.RegisterRequest;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.operation.SnapshotRequest;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.Task;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.management.LabView.Outcome;
import org.facsim.services.units.ByteSize;

/**
 * What a trainee would not type on a host, but in the vSphere Client ({@code vcenter}) or inside a
 * guest ({@code guest}). The lab offers both as commands of a host, beside those of the host
 * itself.
 */
final class GuestShell {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final Duration TASK_TIMEOUT = Duration.ofHours(1);
  private static final String VCENTER_USAGE =
      "clone VM NAME [DATASTORE], power-on VM, power-off VM, snapshot VM NAME, remove-snapshots VM,"
          + " enable-uuid VM on|off, register DATASTORE PATH, unregister VM, delete VM,"
          + " refresh DATASTORE";

  /** How many words a command has, its own name and {@code vcenter} included. */
  private static final Map<String, Integer> VCENTER_WORDS =
      Map.of(
          "clone", 4,
          "enable-uuid", 4,
          "power-on", 3,
          "power-off", 3,
          "snapshot", 4,
          "remove-snapshots", 3,
          "unregister", 3,
          "delete", 3);

  private static final String GUEST_USAGE =
      "guest VM status | vss on|off | sync-driver on|off | tools start|stop | write SIZE |"
          + " rewrite SIZE | delete SIZE | trim | reboot";

  private final LabHost host;
  private final GuestFiles files;

  GuestShell(LabHost host, GuestFiles files) {
    this.host = host;
    this.files = files;
  }

  /** Whether a command is one of these. */
  static boolean knows(String command) {
    return command.equals("guest") || command.equals("vcenter");
  }

  Outcome run(List<String> argv) {
    try {
      return argv.get(0).equals("guest") ? guest(argv) : vcenter(argv);
    } catch (MethodFaultException e) {
      return new Outcome(FAILED, "", e.type().vmwareName() + ": " + e.getMessage() + "\n");
    } catch (DatastoreException e) {
      return new Outcome(FAILED, "", e.getMessage() + "\n");
    }
  }

  private static Outcome usage(String wrong, String allowed) {
    return new Outcome(USAGE, "", wrong + "; allowed: " + allowed + "\n");
  }

  private static Outcome said(String text) {
    return new Outcome(OK, text + "\n", "");
  }

  private Optional<VirtualMachine> machine(String name) {
    return host.operations().find(name).map(RegisteredVm::vm);
  }

  private Outcome noSuchVm(String command, String name) {
    return usage(
        command + ": no VM '" + name + "' on " + host.name(),
        host.machines().isEmpty()
            ? "none is registered"
            : String.join(", ", host.machines().stream().map(RegisteredVm::name).toList()));
  }

  // ---------------------------------------------------------------- vcenter

  private Outcome vcenter(List<String> argv) {
    String what = argv.size() > 1 ? argv.get(1) : "";
    if (what.equals("register") && argv.size() == 4) {
      return registered(argv.get(2), argv.get(3));
    }
    if (what.equals("refresh") && argv.size() == 3) {
      return refreshed(argv.get(2));
    }
    int words = VCENTER_WORDS.getOrDefault(what, 0);
    boolean isClone = what.equals("clone") && argv.size() == words + 1;
    if (argv.size() != words && !isClone) {
      return usage(
          "vcenter: '" + String.join(" ", argv.subList(1, argv.size())) + "'", VCENTER_USAGE);
    }
    Optional<VirtualMachine> found = machine(argv.get(2));
    if (found.isEmpty()) {
      return noSuchVm("vcenter", argv.get(2));
    }
    VirtualMachine vm = found.get();
    VmOperations operations = host.operations();
    return switch (what) {
      case "clone" -> cloned(vm, argv);
      case "enable-uuid" -> uuid(vm, argv.get(3));
      case "power-on" -> ended(operations.powerOn(vm));
      case "power-off" -> ended(operations.powerOff(vm));
      case "snapshot" -> ended(operations.createSnapshot(vm, SnapshotRequest.named(argv.get(3))));
      case "remove-snapshots" -> ended(operations.removeAllSnapshots(vm));
      case "unregister" -> ended(operations.unregister(vm));
      default -> ended(operations.destroy(vm));
    };
  }

  private Outcome registered(String datastore, String path) {
    Optional<Datastore> named = host.datastore(datastore);
    if (named.isEmpty()) {
      return noSuchDatastore(datastore);
    }
    try {
      return ended(host.operations().register(new RegisterRequest(named.get(), path)));
    } catch (IllegalArgumentException e) {
      return usage("vcenter: " + e.getMessage(), "a path such as vm1/vm1.vmx");
    }
  }

  /** The vSphere Client's "Refresh Capability Information". */
  private Outcome refreshed(String datastore) {
    Optional<Datastore> named = host.datastore(datastore);
    if (named.isEmpty()) {
      return noSuchDatastore(datastore);
    }
    named.get().forgetAcceleration();
    named.get().hardwareAcceleration();
    return said("Hardware Acceleration: " + named.get().accelerationStatus().label());
  }

  private Outcome noSuchDatastore(String name) {
    return usage(
        "vcenter: no datastore '" + name + "' on " + host.name(),
        String.join(", ", host.mounts().keySet()));
  }

  private static Outcome ended(Task<?> task) {
    task.await(TASK_TIMEOUT);
    return said(task.info().name() + " of " + task.info().entity() + ": success");
  }

  private Outcome cloned(VirtualMachine vm, List<String> argv) {
    Datastore destination = vm.datastore();
    if (argv.size() == 5) {
      Optional<Datastore> named = host.datastore(argv.get(4));
      if (named.isEmpty()) {
        return noSuchDatastore(argv.get(4));
      }
      destination = named.get();
    }
    CloneRequest request;
    try {
      request = new CloneRequest(argv.get(3), destination);
    } catch (IllegalArgumentException e) {
      return usage("vcenter: " + e.getMessage(), "letters, digits, '.', '_', '-'");
    }
    CloneResult result = host.operations().clone(vm, request).await(TASK_TIMEOUT);
    host.copied(vm.name(), result);
    return said(
        String.format(
            Locale.ROOT,
            "Clone virtual machine %s: completed in %.1f s",
            vm.name(),
            result.elapsed().toMillis() / 1000.0));
  }

  private Outcome uuid(VirtualMachine vm, String value) {
    if (vm.poweredOn()) {
      throw new MethodFaultException(
          FaultType.INVALID_POWER_STATE,
          "disk.EnableUUID of " + vm.name() + " can be changed while it is off only");
    }
    return onOff(value)
        .map(on -> reconfigured(vm, guest -> guest.withDiskEnableUuid(on)))
        .orElseGet(() -> usage("vcenter: '" + value + "'", "on, off"));
  }

  private static Optional<Boolean> onOff(String word) {
    return switch (word) {
      case "on", "start" -> Optional.of(true);
      case "off", "stop" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private Outcome reconfigured(VirtualMachine vm, UnaryOperator<GuestConfiguration> change) {
    host.operations().reconfigure(vm, change.apply(vm.configuration())).await(TASK_TIMEOUT);
    return said("done");
  }

  // ---------------------------------------------------------------- guest

  private Outcome guest(List<String> argv) {
    if (argv.size() < 3) {
      return usage("guest: too few words", GUEST_USAGE);
    }
    Optional<VirtualMachine> found = machine(argv.get(1));
    if (found.isEmpty()) {
      return noSuchVm("guest", argv.get(1));
    }
    VirtualMachine vm = found.get();
    if (!vm.poweredOn()) {
      return new Outcome(FAILED, "", "guest: " + vm.name() + " is powered off\n");
    }
    String what = argv.get(2);
    String value = argv.size() == 4 ? argv.get(3) : "";
    if (argv.size() == 3) {
      return switch (what) {
        case "status" -> said(status(vm));
        case "trim" -> said(files.trim(vm));
        case "reboot" -> reboot(vm);
        default -> wrongGuest(argv);
      };
    }
    if (argv.size() != 4) {
      return wrongGuest(argv);
    }
    if (List.of("write", "rewrite", "delete").contains(what)) {
      return space(vm, what, value);
    }
    Optional<Boolean> on = onOff(value);
    if (on.isEmpty()) {
      return wrongGuest(argv);
    }
    boolean isOn = on.get();
    return switch (what) {
      case "vss" -> reconfigured(vm, guest -> guest.withVssEnabled(isOn));
      case "sync-driver" -> reconfigured(vm, guest -> guest.withSyncDriverSelected(isOn));
      case "tools" -> reconfigured(vm, guest -> guest.withToolsRunning(isOn));
      default -> wrongGuest(argv);
    };
  }

  private Outcome space(VirtualMachine vm, String what, String size) {
    long bytes;
    try {
      bytes = ByteSize.parse(size);
    } catch (IllegalArgumentException e) {
      return usage("guest: '" + size + "'", "a size such as 64MiB");
    }
    try {
      return said(
          switch (what) {
            case "write" -> files.write(vm, bytes);
            case "rewrite" -> files.rewrite(vm, bytes);
            default -> files.delete(vm, bytes);
          });
    } catch (IllegalArgumentException e) {
      return new Outcome(FAILED, "", "guest: " + e.getMessage() + "\n");
    }
  }

  private static Outcome wrongGuest(List<String> argv) {
    return usage("guest: '" + String.join(" ", argv.subList(2, argv.size())) + "'", GUEST_USAGE);
  }

  private Outcome reboot(VirtualMachine vm) {
    files.rebooted(vm);
    return said(vm.name() + " has restarted");
  }

  private String status(VirtualMachine vm) {
    GuestConfiguration guest = vm.configuration();
    List<String> lines = new ArrayList<>();
    lines.add("operating system     " + vm.guest().displayName());
    lines.add("VMware Tools         " + (guest.toolsRunning() ? "running" : "stopped"));
    lines.add("VSS quiescing        " + (guest.vssEnabled() ? "enabled" : "disabled"));
    lines.add("Tools sync driver    " + (guest.syncDriverSelected() ? "selected" : "not selected"));
    lines.add("dynamic disks        " + (guest.dynamicDisk() ? "yes" : "no"));
    lines.add("sees disk UUIDs      " + (guest.diskEnableUuid() ? "yes" : "no"));
    lines.addAll(files.status(vm));
    return String.join("\n", lines);
  }
}
