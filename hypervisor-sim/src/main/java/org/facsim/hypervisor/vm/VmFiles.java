/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.guest.ControllerType;
import org.facsim.hypervisor.guest.GuestConfiguration;

/** The small text files of a VM. */
final class VmFiles {
  /** The usual size of {@code .nvram}. */
  static final int NVRAM_BYTES = 8684;

  /** Memory of every VM, and the size of its swap file while it runs. */
  static final int MEMORY_MIB = 4096;

  private static final byte[] NVRAM_MAGIC = {'M', 'R', 'V', 'N'};
  private static final int CONTROLLER_SLOT = 7;

  private VmFiles() {}

  /** The {@code .vmx}. */
  static String vmx(VirtualMachine vm) {
    StringBuilder text = new StringBuilder(1024);
    GuestConfiguration configuration = vm.configuration();
    entry(text, ".encoding", "UTF-8");
    entry(text, "config.version", "8");
    entry(text, "virtualHW.version", "8");
    entry(text, "displayName", vm.name());
    entry(text, "guestOS", vm.guest().vmxName());
    entry(text, "nvram", vm.name() + ".nvram");
    entry(text, "memSize", Integer.toString(MEMORY_MIB));
    entry(text, "disk.EnableUUID", configuration.diskEnableUuid() ? "TRUE" : "FALSE");
    String bus =
        switch (configuration.controller()) {
          case SCSI -> "scsi0";
          case IDE -> "ide0";
          case SATA -> "sata0";
        };
    entry(text, bus + ".present", "TRUE");
    if (configuration.controller() == ControllerType.SCSI) {
      entry(text, bus + ".virtualDev", "lsilogic");
    }
    List<VirtualDisk> disks = vm.disks();
    for (int i = 0; i < disks.size(); i++) {
      int slot =
          configuration.controller() == ControllerType.SCSI && i >= CONTROLLER_SLOT ? i + 1 : i;
      entry(text, "%s:%d.present".formatted(bus, slot), "TRUE");
      entry(text, "%s:%d.fileName".formatted(bus, slot), disks.get(i).liveDescriptorName());
    }
    return text.toString();
  }

  /** The {@code .vmsd}, which lists the snapshots, oldest first. */
  static String snapshotList(List<String> snapshotNames) {
    StringBuilder text = new StringBuilder(256);
    entry(text, ".encoding", "UTF-8");
    if (!snapshotNames.isEmpty()) {
      entry(text, "snapshot.lastUID", Integer.toString(snapshotNames.size()));
      entry(text, "snapshot.current", Integer.toString(snapshotNames.size()));
    }
    entry(text, "snapshot.numSnapshots", Integer.toString(snapshotNames.size()));
    for (int i = 0; i < snapshotNames.size(); i++) {
      entry(text, "snapshot%d.uid".formatted(i), Integer.toString(i + 1));
      if (i > 0) {
        entry(text, "snapshot%d.parent".formatted(i), Integer.toString(i));
      }
      entry(text, "snapshot%d.displayName".formatted(i), snapshotNames.get(i));
    }
    return text.toString();
  }

  /** An {@code .nvram} that holds no settings yet. */
  static byte[] nvram() {
    byte[] bytes = new byte[NVRAM_BYTES];
    System.arraycopy(NVRAM_MAGIC, 0, bytes, 0, NVRAM_MAGIC.length);
    return bytes;
  }

  /** A disk's UUID as descriptors print it: {@code 60 00 C2 9a ...-...}, 16 bytes. */
  static String diskUuid(RandomGenerator random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[0] = 0x60;
    bytes[1] = 0x00;
    bytes[2] = (byte) 0xC2;
    bytes[3] = (byte) (0x90 | (bytes[3] & 0x0f));
    String hex = HexFormat.ofDelimiter(" ").formatHex(bytes);
    return hex.substring(0, 23) + "-" + hex.substring(24);
  }

  private static void entry(StringBuilder text, String key, String value) {
    text.append(key).append(" = \"").append(value).append("\"\n");
  }
}
