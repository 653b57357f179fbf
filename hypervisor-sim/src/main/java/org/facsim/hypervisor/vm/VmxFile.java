/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.hypervisor.guest.ControllerType;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.GuestTable;

/**
 * The {@code .vmx}: what a VM is. A host writes the entries that it changes and keeps all others.
 *
 * <p>What only the Tools in a guest know (whether VSS is on, for example) is not in a real {@code
 * .vmx}. It is written as {@code guestinfo.facsim.*} if it is not as after an installation, so that
 * a VM which is registered again is the same.
 */
final class VmxFile {
  /** Memory of every VM that is made here, and the size of its swap file while it runs. */
  static final int MEMORY_MIB = 4096;

  private static final int CONTROLLER_SLOT = 7;
  private static final Pattern DISK_NODE =
      Pattern.compile("((?:scsi|sata|ide|nvme)\\d{1,2}:\\d{1,3})\\.filename");
  private static final String GUEST_INFO = "guestinfo.facsim.";

  private VmxFile() {}

  /**
   * A disk of a {@code .vmx}.
   *
   * @param node its place, such as {@code scsi0:0}
   * @param fileName its descriptor
   */
  record Node(String node, String fileName) {}

  /** The nodes of a new VM's disks. */
  static List<String> nodes(ControllerType controller, int count) {
    String bus = bus(controller);
    List<String> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int slot = controller == ControllerType.SCSI && i >= CONTROLLER_SLOT ? i + 1 : i;
      nodes.add("%s:%d".formatted(bus, slot));
    }
    return nodes;
  }

  private static String bus(ControllerType controller) {
    return switch (controller) {
      case SCSI -> "scsi0";
      case IDE -> "ide0";
      case SATA -> "sata0";
    };
  }

  /** The entries of a new VM, without its disks. */
  static VmDictionary create(String stem, GuestSpec guest, RandomGenerator random) {
    return VmDictionary.empty()
        .with("config.version", "8")
        .with("virtualHW.version", "8")
        .with("nvram", stem + ".nvram")
        .with("extendedConfigFile", stem + ".vmxf")
        .with("guestOS", guest.vmxName())
        .with("numvcpus", "1")
        .with("memSize", Integer.toString(MEMORY_MIB))
        .with("pciBridge0.present", "TRUE")
        .with("floppy0.present", "FALSE")
        .with("uuid.bios", uuid(random))
        .with("uuid.location", uuid(random))
        .with("vc.uuid", uuid(random));
  }

  /** A UUID as a {@code .vmx} prints it: {@code 56 4d ...-...}. */
  static String uuid(RandomGenerator random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[0] = 0x56;
    bytes[1] = 0x4d;
    String hex = HexFormat.ofDelimiter(" ").formatHex(bytes);
    return hex.substring(0, 23) + "-" + hex.substring(24);
  }

  /** The entries with the VM's name, its guest's configuration and its disks. */
  static VmDictionary with(
      VmDictionary before, String displayName, GuestConfiguration configuration, List<Node> disks) {
    VmDictionary text = before.with("displayName", displayName);
    text = text.with("disk.EnableUUID", configuration.diskEnableUuid() ? "TRUE" : "FALSE");
    for (Node disk : disks) {
      String bus = disk.node().substring(0, disk.node().indexOf(':'));
      if (text.get(bus + ".present").isEmpty()) {
        text = text.with(bus + ".present", "TRUE");
        if (bus.startsWith("scsi")) {
          text = text.with(bus + ".virtualDev", "lsilogic");
        }
      }
      text =
          text.with(disk.node() + ".present", "TRUE")
              .with(disk.node() + ".fileName", disk.fileName());
      if (text.get(disk.node() + ".deviceType").isEmpty()) {
        text = text.with(disk.node() + ".deviceType", deviceType(bus));
      }
    }
    GuestConfiguration standard = GuestConfiguration.standard();
    text = guestInfo(text, "toolsRunning", configuration.toolsRunning(), standard.toolsRunning());
    text = guestInfo(text, "vssEnabled", configuration.vssEnabled(), standard.vssEnabled());
    text =
        guestInfo(
            text, "syncDriver", configuration.syncDriverSelected(), standard.syncDriverSelected());
    return guestInfo(text, "dynamicDisk", configuration.dynamicDisk(), standard.dynamicDisk());
  }

  private static String deviceType(String bus) {
    return bus.startsWith("scsi") ? "scsi-hardDisk" : "disk";
  }

  private static VmDictionary guestInfo(
      VmDictionary text, String key, boolean value, boolean standard) {
    return value == standard
        ? text.without(GUEST_INFO + key)
        : text.with(GUEST_INFO + key, value ? "TRUE" : "FALSE");
  }

  /** The guest's configuration. */
  static GuestConfiguration configuration(VmDictionary text) {
    GuestConfiguration standard = GuestConfiguration.standard();
    List<Node> disks = disks(text);
    String bus = disks.isEmpty() ? "scsi0" : disks.get(0).node();
    ControllerType controller =
        bus.startsWith("ide")
            ? ControllerType.IDE
            : bus.startsWith("sata") || bus.startsWith("nvme")
                ? ControllerType.SATA
                : ControllerType.SCSI;
    return standard
        .withToolsRunning(text.isTrue(GUEST_INFO + "toolsRunning", standard.toolsRunning()))
        .withVssEnabled(text.isTrue(GUEST_INFO + "vssEnabled", standard.vssEnabled()))
        .withSyncDriverSelected(
            text.isTrue(GUEST_INFO + "syncDriver", standard.syncDriverSelected()))
        .withDynamicDisk(text.isTrue(GUEST_INFO + "dynamicDisk", standard.dynamicDisk()))
        .withDiskEnableUuid(text.isTrue("disk.EnableUUID", false))
        .withController(controller);
  }

  /** The disks that are present, in the order of their nodes; CD drives are none. */
  static List<Node> disks(VmDictionary text) {
    List<Node> disks = new ArrayList<>();
    for (String key : text.keys()) {
      Matcher matcher = DISK_NODE.matcher(key.toLowerCase(Locale.ROOT));
      if (matcher.matches()) {
        String node = matcher.group(1);
        String type = text.get(node + ".deviceType").orElse("disk").toLowerCase(Locale.ROOT);
        String fileName = text.get(key).orElseThrow();
        if (text.isTrue(node + ".present", true)
            && type.endsWith("disk")
            && fileName.toLowerCase(Locale.ROOT).endsWith(".vmdk")) {
          disks.add(new Node(node, fileName));
        }
      }
    }
    disks.sort(
        (one, other) -> {
          String oneBus = one.node().substring(0, one.node().indexOf(':'));
          String otherBus = other.node().substring(0, other.node().indexOf(':'));
          int byBus = oneBus.compareTo(otherBus);
          return byBus != 0 ? byBus : Integer.compare(slot(one), slot(other));
        });
    return disks;
  }

  private static int slot(Node disk) {
    return Integer.parseInt(disk.node().substring(disk.node().indexOf(':') + 1));
  }

  /** The guest by its {@code guestOS}; an unknown one is another guest. */
  static GuestSpec guest(VmDictionary text, GuestTable guests) {
    return text.get("guestOS")
        .flatMap(guests::find)
        .or(() -> guests.find("other"))
        .orElseThrow(() -> new IllegalArgumentException("no guest called other"));
  }
}
