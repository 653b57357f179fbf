/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;

/**
 * Everything about a VM that changes, except what its disks hold. Immutable.
 *
 * @param datastore where its files are
 * @param directory of its files, relative to the datastore
 * @param stem of its files: {@code stem.vmx}, {@code stem.vmsd} and so on
 * @param name as an administrator sees it
 * @param guest what runs in it
 * @param text the entries of the .vmx, those included that this program does not know
 * @param nodes the places of its disks, such as {@code scsi0:0}
 * @param disks in the order of their places
 * @param layout what the guest writes to each disk
 * @param configuration how the guest is set up
 * @param template whether the configuration is a .vmtx
 * @param poweredOn whether it runs
 * @param snapshots its snapshots
 * @param orphans whether files may be left that no layer names
 */
record VmState(
    Datastore datastore,
    String directory,
    String stem,
    String name,
    GuestSpec guest,
    VmDictionary text,
    List<String> nodes,
    List<VirtualDisk> disks,
    List<DiskSpec> layout,
    GuestConfiguration configuration,
    boolean template,
    boolean poweredOn,
    SnapshotTree snapshots,
    boolean orphans) {
  VmState {
    nodes = List.copyOf(nodes);
    disks = List.copyOf(disks);
    layout = List.copyOf(layout);
  }

  static VmState made(
      Datastore datastore,
      VmSpec spec,
      VmDictionary text,
      List<String> nodes,
      List<VirtualDisk> disks) {
    return new VmState(
        datastore,
        spec.name(),
        spec.name(),
        spec.name(),
        spec.guest(),
        text,
        nodes,
        disks,
        spec.disks(),
        spec.configuration(),
        false,
        false,
        SnapshotTree.EMPTY,
        false);
  }

  /** Of a clone: the same hardware, other names and ids. */
  VmState forClone(
      Datastore destination,
      String cloneName,
      List<VirtualDisk> cloneDisks,
      RandomGenerator random) {
    VmDictionary cloned =
        text.with("nvram", cloneName + ".nvram")
            .with("extendedConfigFile", cloneName + ".vmxf")
            .with("uuid.bios", VmxFile.uuid(random))
            .with("uuid.location", VmxFile.uuid(random))
            .with("vc.uuid", VmxFile.uuid(random));
    return new VmState(
        destination,
        cloneName,
        cloneName,
        cloneName,
        guest,
        cloned,
        nodes,
        cloneDisks,
        layout,
        configuration,
        false,
        false,
        SnapshotTree.EMPTY,
        false);
  }

  /** A file in the VM's directory. */
  String path(String fileName) {
    return Datastore.join(directory, fileName);
  }

  String configurationPath() {
    return path(stem + (template ? ".vmtx" : ".vmx"));
  }

  String swapPath() {
    return path(stem + ".vswp");
  }

  List<VmxFile.Node> diskNodes() {
    List<VmxFile.Node> result = new ArrayList<>();
    for (int i = 0; i < disks.size(); i++) {
      result.add(new VmxFile.Node(nodes.get(i), disks.get(i).liveDescriptorName()));
    }
    return result;
  }

  VmState withConfiguration(GuestConfiguration newConfiguration) {
    return copy(text, disks, layout, newConfiguration, template, poweredOn, snapshots, orphans);
  }

  VmState withText(VmDictionary newText) {
    return copy(newText, disks, layout, configuration, template, poweredOn, snapshots, orphans);
  }

  VmState withTemplate(boolean isTemplate) {
    return copy(text, disks, layout, configuration, isTemplate, poweredOn, snapshots, orphans);
  }

  VmState withPower(boolean isOn) {
    return copy(text, disks, layout, configuration, template, isOn, snapshots, orphans);
  }

  VmState withSnapshots(SnapshotTree tree) {
    return copy(text, disks, layout, configuration, template, poweredOn, tree, orphans);
  }

  VmState withOrphans(boolean areLeft) {
    return copy(text, disks, layout, configuration, template, poweredOn, snapshots, areLeft);
  }

  VmState withLayout(List<DiskSpec> newLayout) {
    return copy(text, disks, newLayout, configuration, template, poweredOn, snapshots, orphans);
  }

  /** The same VM on another datastore, in a directory of the same name. */
  VmState movedTo(Datastore destination, List<VirtualDisk> newDisks) {
    return new VmState(
        destination,
        directory,
        stem,
        name,
        guest,
        text,
        nodes,
        newDisks,
        layout,
        configuration,
        template,
        poweredOn,
        snapshots,
        false);
  }

  private VmState copy(
      VmDictionary newText,
      List<VirtualDisk> newDisks,
      List<DiskSpec> newLayout,
      GuestConfiguration newConfiguration,
      boolean isTemplate,
      boolean isOn,
      SnapshotTree tree,
      boolean orphansLeft) {
    return new VmState(
        datastore,
        directory,
        stem,
        name,
        guest,
        newText,
        nodes,
        newDisks,
        newLayout,
        newConfiguration,
        isTemplate,
        isOn,
        tree,
        orphansLeft);
  }
}
