/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/** One thing that application-level quiescing needs, in the order in which a host asks. */
public enum QuiesceRequirement {
  ESXI_RELEASE("esxi-4.1", "the host is ESXi 4.1 or newer", "Update the host.") {
    @Override
    Finding check(Vm vm) {
      return vm.esxi.isAtLeast(EsxiVersion.V4_1)
          ? met("ESXi " + vm.esxi)
          : missing("ESXi " + vm.esxi + " is older than " + EsxiVersion.V4_1);
    }
  },
  TOOLS_RUNNING("tools", "VMware Tools run in the guest", "Start VMware Tools.") {
    @Override
    Finding check(Vm vm) {
      return vm.configuration.toolsRunning()
          ? met("VMware Tools are running")
          : missing("VMware Tools are not running");
    }
  },
  VSS_ENABLED("vss", "VSS is enabled in the guest", "Enable VSS quiescing (KB 1031298).") {
    @Override
    Finding check(Vm vm) {
      return vm.configuration.vssEnabled()
          ? met("VSS is enabled in the guest")
          : missing("VSS is disabled in the guest");
    }
  },
  NO_SYNC_DRIVER("no-sync-driver", "Tools use VSS", "Take the Tools' sync driver out.") {
    @Override
    Finding check(Vm vm) {
      return vm.configuration.syncDriverSelected()
          ? missing("VMware Tools use the sync driver, not VSS")
          : met("VMware Tools use VSS");
    }
  },
  ENABLE_UUID("enable-uuid", "disk.EnableUUID is TRUE", "Set disk.EnableUUID = \"TRUE\".") {
    @Override
    Finding check(Vm vm) {
      return vm.configuration.diskEnableUuid()
          ? met("disk.EnableUUID is TRUE")
          : missing("disk.EnableUUID is not set");
    }
  },
  SCSI_DISKS("scsi", "all disks are SCSI disks", "Move the disks to a SCSI controller.") {
    @Override
    Finding check(Vm vm) {
      ControllerType controller = vm.configuration.controller();
      return controller == ControllerType.SCSI
          ? met("SCSI disks")
          : missing("the VM has " + controller + " disks");
    }
  },
  FREE_SLOTS(
      "free-slots", "as many free SCSI slots as disks", "Spread the disks, or remove some.") {
    @Override
    Finding check(Vm vm) {
      int free = vm.configuration.controller().slots() - vm.diskCount;
      String words =
          "the SCSI controller has %d free slot%s for %d disk%s"
              .formatted(free, free == 1 ? "" : "s", vm.diskCount, vm.diskCount == 1 ? "" : "s");
      return free < vm.diskCount ? missing(words) : met(words);
    }
  },
  NO_DYNAMIC_DISK("no-dynamic-disk", "no dynamic disk", "Convert dynamic disks to basic ones.") {
    @Override
    Finding check(Vm vm) {
      return vm.configuration.dynamicDisk()
          ? missing("the guest has a dynamic disk")
          : met("basic disks only");
    }
  };

  private final String label;
  private final String words;
  private final String remedy;

  QuiesceRequirement(String label, String words, String remedy) {
    this.label = label;
    this.words = words;
    this.remedy = remedy;
  }

  /** As the table's file spells it, such as {@code enable-uuid}. */
  public String label() {
    return label;
  }

  /** What must hold, for people. */
  public String words() {
    return words;
  }

  /** What an administrator changes so that it holds. */
  public String remedy() {
    return remedy;
  }

  abstract Finding check(Vm vm);

  Finding met(String evidence) {
    return new Finding(this, true, evidence);
  }

  Finding missing(String evidence) {
    return new Finding(this, false, evidence);
  }

  /** What the requirements look at. */
  record Vm(GuestConfiguration configuration, int diskCount, EsxiVersion esxi) {}

  /**
   * How a requirement stands for a VM.
   *
   * @param evidence what the host saw
   */
  public record Finding(QuiesceRequirement requirement, boolean isMet, String evidence) {}
}
