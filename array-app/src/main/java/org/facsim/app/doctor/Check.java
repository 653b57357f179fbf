/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.util.Locale;

/** What the doctor looks at, most fundamental first. {@code docs/doctor.md} lists them. */
public enum Check {
  HOST_PATH(
      "the host reaches the datastore",
      "Find out why this host alone gets no answer: look at its vmkernel.log for APD, and at the"
          + " connection. Unmount the datastore and mount it again."),
  HOST_STATUS(
      "the host shows hardware acceleration as supported",
      "A host asks once and keeps the answer: mount the datastore again when the array has"
          + " changed."),
  NFS("the server answers NFSv3 over TCP", "Start the server, and open its port to the host."),
  MOUNT(
      "the export admits the host",
      "Export the volume to this host: 'facsim exports set VOLUME RULE'."),
  NFS_VERSIONS(
      "which versions of NFS the server answers",
      "Mount the export over one version on every host, never over both: ESXi does not support it,"
          + " and many arrays keep the locks of the two apart. 'vers=3' in the export's rule lets"
          + " no host mount it otherwise."),
  HANDLES(
      "file handles are not longer than 56 bytes",
      "Use a server with shorter handles: a host keeps no longer ones."),
  READ_WRITE(
      "the export is writable for the host",
      "Export the volume read-write. A mount of a read-only export appears to succeed."),
  ROOT(
      "root of the host is root on the export",
      "Export with no_root_squash. A squashed mount succeeds, and then VMs cannot be made."),
  CLONE_PROTOCOL(
      "the clone protocol is served and admits the host",
      "Let the export's rule allow VAAI to this host, open its port, and install the plugin."),
  FULL_CLONE(
      "the array supports full file clone on the volume",
      "Give the volume a profile that offers full clones, or wait until the array offloads again."),
  FAST_CLONE(
      "the array supports fast clones",
      "Linked clones and native snapshots need them: give the volume a profile that offers them."),
  ACROSS_VOLUMES(
      "the array clones from other volumes",
      "Clone within the volume, or give the volume a profile that clones across volumes."),
  STATISTICS(
      "the array supports extended statistics",
      "Without them a host cannot tell shared space: choose a profile with them."),
  RESERVE(
      "the array reserves space",
      "Without it every disk is thin, whatever was asked for: choose a profile with it."),
  PROFILE(
      "the volume's profile shares blocks and serves this protocol",
      "Choose a profile that shares: 'facsim profiles' lists those that ship."),
  FAULTS(
      "no fault is injected",
      "'facsim fault list' shows the rules, 'facsim fault remove ID' ends one."),
  PLACEMENT("the destination is on the same array", "Clone to a datastore of the source's array."),
  SPACE(
      "there is space for a copy of the largest disk",
      "Free space on the volume, or enlarge it: 'facsim volumes resize'. Reservations and what"
          + " snapshots retain take space beside what is used."),
  SNAPSHOTS(
      "no VM has a snapshot",
      "Delete the snapshots (consolidate) before the VM is cloned, above all those of templates."),
  SIBLINGS(
      "no disk has two redo logs on one parent",
      "Two siblings are what quiescing through a hardware snapshot provider leaves. Consolidate the"
          + " VM's disks; a clone or backup that leaves them may have died."),
  LEFTOVER_LOGS(
      "every redo log belongs to a snapshot or a running VM",
      "Consolidate the VM's disks. Move the files away when the VM runs without them."),
  CHAINS(
      "every disk can be opened",
      "Restore the files. A host refuses a disk whose parent is missing or whose extent is short."),
  QUIESCING(
      "no guest leaves sibling redo logs when it is quiesced",
      "Clone it while it is powered off, disable VSS in the guest (KB 1031298), use the Tools' sync"
          + " driver, or set disk.EnableUUID to FALSE: the clone is then consistent at the"
          + " file-system level only."),
  THICK(
      "disks are in the format that they are described in",
      "Use a volume that reserves space, and a profile that keeps thin disks thin."),
  DEPTH(
      "no disk is as deep in a chain of fast clones as the array allows",
      "Clone from a disk nearer to the original, or make a full clone."),
  LOCKS(
      "no lock file is left by a dead host",
      "Nothing, if the host comes back: the next one to open the file takes the lock over after 35"
          + " s. Else remove the .lck file when no host runs the VM."),
  TRIAL(
      "the array would clone every disk",
      "The reason is the array's: 'facsim why' has all of its rules.");

  private final String words;
  private final String remedy;

  Check(String words, String remedy) {
    this.words = words;
    this.remedy = remedy;
  }

  /** For JSON, such as {@code clone-protocol}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What should hold. */
  public String words() {
    return words;
  }

  /** What to change if it does not. */
  public String remedy() {
    return remedy;
  }
}
