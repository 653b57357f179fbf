/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a trainee may state as the cause. The list is the same for every incident, and longer than
 * the incidents that ship, so that it gives nothing away.
 */
enum Cause {
  VSS_SIBLINGS("Quiescing by VSS leaves two sibling redo logs of a VM, so its host copies"),
  TEMPLATE_SNAPSHOT("A snapshot was left on the source, so the host copies"),
  OTHER_ARRAY("Source and destination are on different arrays, so the host copies"),
  CLONE_PROTOCOL_BLOCKED("An export admits NFS, but not the clone protocol"),
  PROFILE_OFF("Offload is switched off at the array"),
  POWERED_OFF_ONLY("The plugin offloads clones of VMs that are powered off only"),
  PROMISED_SPACE("Space reserved for disks, and blocks that snapshots retain, fill the volume"),
  QUOTA_TOO_SMALL("The data of the VMs has outgrown the volume"),
  THIN_OVERCOMMIT("Thin disks promise more than the array has"),
  ZERO_WINDOW("The array reads nothing more from the connections of one host"),
  ARRAY_AWAY("The array was away for all hosts: takeover, power or network"),
  EXPORT_LOST("A host is not admitted to an export any more"),
  UNMAP_OFF("UNMAP is switched off on a host"),
  UNMAP_UNSUPPORTED("The array does not support UNMAP for the volume"),
  SNAPSHOT_STOPS_UNMAP("A VM has a snapshot, so its host passes no UNMAP on"),
  THICK_DISK("A disk is thick, so its host passes no UNMAP on"),
  DEAD_HOSTS_LOCK("A host that is gone for good has left its lock on a VM"),
  LIVE_HOSTS_LOCK("A host that is alive runs the VM, and holds its lock"),
  READ_ONLY_EXPORT("An export is read-only for a host");

  private final String words;

  Cause(String words) {
    this.words = words;
  }

  /** As it is typed: {@code vss-siblings}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A sentence for people. */
  String words() {
    return words;
  }

  static Optional<Cause> find(String label) {
    return Arrays.stream(values()).filter(cause -> cause.label().equals(label)).findFirst();
  }
}
