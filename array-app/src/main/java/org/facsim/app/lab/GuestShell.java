/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.task.MethodFaultException;
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
      "vcenter clone VM NAME [DATASTORE], vcenter enable-uuid VM on|off";
  private static final String GUEST_USAGE =
      "guest VM status | vss on|off | sync-driver on|off | tools start|stop | write SIZE | delete"
          + " SIZE | trim | reboot";

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
    boolean isClone = what.equals("clone") && (argv.size() == 4 || argv.size() == 5);
    boolean isUuid = what.equals("enable-uuid") && argv.size() == 4;
    if (!isClone && !isUuid) {
      return usage("vcenter: '" + String.join(" ", argv.subList(1, argv.size())) + "'", VCENTER_USAGE);
    }
    Optional<VirtualMachine> vm = machine(argv.get(2));
    if (vm.isEmpty()) {
      return noSuchVm("vcenter", argv.get(2));
    }
    return isClone ? cloned(vm.get(), argv) : uuid(vm.get(), argv.get(3));
  }

  private Outcome cloned(VirtualMachine vm, List<String> argv) {
    Datastore destination = vm.datastore();
    if (argv.size() == 5) {
      Optional<Datastore> named = host.datastore(argv.get(4));
      if (named.isEmpty()) {
        return usage("vcenter: no datastore '" + argv.get(4) + "'", String.join(", ", host.mounts().keySet()));
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
          org.facsim.hypervisor.task.FaultType.INVALID_POWER_STATE,
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
    if (what.equals("write") || what.equals("delete")) {
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
      return said(what.equals("write") ? files.write(vm, bytes) : files.delete(vm, bytes));
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
