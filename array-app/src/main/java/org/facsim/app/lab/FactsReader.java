/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;
import org.facsim.array.VolumeSpace;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ProfileField;

/**
 * Reads the {@link Facts} of an array and its hosts. It asks the array directly and the hosts'
 * memory, so that no call goes over the wire and a host without paths holds nothing up.
 */
final class FactsReader {
  private static final Splitter PATH = Splitter.on('/').omitEmptyStrings();
  private static final int PAGE_ENTRIES = 256;
  private static final int MAX_DIRECTORIES = 10_000;

  private FactsReader() {}

  static Facts read(ArrayControl array, StateAllowance allowance, Map<String, LabHost> hosts) {
    Facts facts = new Facts();
    for (Volume volume : array.volumes().all()) {
      volume(array, allowance, volume, facts);
    }
    facts.put("lab.fault-rules", array.faults().list().size());
    hosts.values().forEach(host -> host(host, array, facts));
    return facts;
  }

  private static void volume(
      ArrayControl array, StateAllowance allowance, Volume volume, Facts facts) {
    String prefix = "volume." + volume.name() + ".";
    facts.put(prefix + "size", allowance.sizeOf(volume));
    facts.put(
        prefix + "export",
        array
            .exports()
            .of(volume)
            .map(
                export ->
                    export.rules().stream().map(Object::toString).collect(Collectors.joining(" ")))
            .orElse("not exported"));
    ArrayProfile profile = array.profiles().of(volume);
    for (ProfileField field : ProfileField.values()) {
      facts.put(prefix + "profile." + field.key(), field.of(profile));
    }
    for (Snapshot snapshot : volume.snapshots().all()) {
      if (!snapshot.automatic()) {
        facts.put(prefix + "snapshot." + snapshot.name(), "there");
      }
    }
    for (String directory : directories(volume)) {
      facts.put(prefix + "directory." + directory, "there");
      Inode inode = volume.names().lookup(Caller.ROOT, volume.root(), Name.of(directory));
      if (inode.attributes().type() == FileType.DIRECTORY) {
        facts.put("seen.locks." + directory, LockFiles.holders(volume, inode));
      }
    }
    VolumeSpace space = volume.space().ofVolume();
    String measured = "space.volume." + volume.name() + ".";
    facts.put(measured + "free", space.freeBytes());
    facts.put(measured + "used", space.physicalUsedBytes());
    facts.put(measured + "reserved", space.reservedBytes());
    facts.put(measured + "retained", space.retainedByStatesBytes() + space.retainedByClonesBytes());
  }

  /** The names in the root of a volume. */
  static List<String> directories(Volume volume) {
    return names(volume, volume.root());
  }

  /** The names in a directory. */
  static List<String> names(Volume volume, Inode directory) {
    List<String> names = new ArrayList<>();
    long cookie = 0;
    Volume.DirectoryPage page;
    do {
      page = volume.names().readDirectory(Caller.ROOT, directory, cookie, PAGE_ENTRIES);
      for (Volume.DirectoryEntry entry : page.entries()) {
        names.add(entry.name().toString());
        cookie = entry.cookie();
      }
    } while (!page.endOfDirectory() && names.size() < MAX_DIRECTORIES);
    names.removeIf(name -> name.equals(".") || name.equals(".."));
    return names;
  }

  private static void host(LabHost host, ArrayControl array, Facts facts) {
    String prefix = "host." + host.name() + ".";
    host.mounts().forEach((datastore, export) -> facts.put(prefix + "mount." + datastore, export));
    host.settings().forEach((name, value) -> facts.put(prefix + "setting." + name, value));
    host.accessible()
        .forEach(
            (datastore, isAccessible) ->
                facts.put("seen.host." + host.name() + ".accessible." + datastore, isAccessible));
    for (RegisteredVm registered : host.machines()) {
      vm(host, registered, array, facts);
    }
    host.copies().forEach((what, count) -> facts.put("seen.vm." + what, count));
    facts.put("seen.host." + host.name() + ".new-connections", host.newConnections());
  }

  private static void vm(LabHost host, RegisteredVm registered, ArrayControl array, Facts facts) {
    VirtualMachine vm = registered.vm();
    String prefix = "vm." + vm.name() + ".";
    join(facts, prefix + "host", host.name());
    if (vm.poweredOn()) {
      join(facts, prefix + "runs-on", host.name());
    }
    boolean isOn = facts.get(prefix + "runs-on").isPresent();
    facts.put(prefix + "power", isOn ? "on" : "off");
    if (isOn && !vm.poweredOn()) {
      return; // another host knows it better
    }
    facts.put(prefix + "template", registered.template());
    facts.put(
        prefix + "snapshots",
        vm.disks().stream().mapToInt(VirtualDisk::redoLogCount).max().orElse(0));
    GuestConfiguration guest = vm.configuration();
    facts.put(prefix + "guest.tools-running", guest.toolsRunning());
    facts.put(prefix + "guest.vss-enabled", guest.vssEnabled());
    facts.put(prefix + "guest.sync-driver", guest.syncDriverSelected());
    facts.put(prefix + "guest.dynamic-disk", guest.dynamicDisk());
    facts.put(prefix + "guest.disk-enable-uuid", guest.diskEnableUuid());
    long used = 0;
    for (int i = 0; i < vm.disks().size(); i++) {
      VirtualDisk disk = vm.disks().get(i);
      facts.put(prefix + "disk." + i + ".size", disk.provisionedBytes());
      used += usedBytes(array, vm.datastore().exportPath(), disk.flatPath());
    }
    facts.put("space.vm." + vm.name() + ".used", used);
  }

  /** A VM may be in the inventory of several hosts, and only one of them can run it. */
  private static void join(Facts facts, String name, String host) {
    facts.put(name, facts.get(name).map(others -> others + "," + host).orElse(host));
  }

  private static long usedBytes(ArrayControl array, String exportPath, String path) {
    try {
      Volume volume = array.volumes().find(exportPath.substring(1)).orElse(null);
      if (volume == null) {
        return 0;
      }
      Inode at = volume.root();
      for (String name : PATH.split(path)) {
        at = volume.names().lookup(Caller.ROOT, at, Name.of(name));
      }
      return volume.space().noted(at).referencedBytes();
    } catch (ArrayException gone) {
      return 0;
    }
  }
}
