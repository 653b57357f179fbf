/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a file of a VM is, by its name. */
public enum VmFileKind {
  /** The settings of the VM. */
  CONFIGURATION,

  /** The text that describes a disk. */
  DESCRIPTOR,

  /** The contents of a disk. */
  DISK,

  /** The contents of a redo log: what was written since a hypervisor snapshot. */
  REDO_LOG,

  /** Memory or state that belongs to a hypervisor snapshot. */
  SNAPSHOT_STATE,

  /** The swap file of a running VM. */
  SWAP,

  /** A lock of a host. */
  LOCK,

  /** A log. */
  LOG,

  /** Anything else. */
  OTHER;

  private static final Pattern REDO = Pattern.compile(".*-(delta|sesparse)\\.vmdk");
  private static final Pattern EXTENT =
      Pattern.compile(".*(-flat|-rdm|-rdmp|-s\\d{3}|-f\\d{3})\\.vmdk");
  private static final Pattern REDO_DESCRIPTOR = Pattern.compile(".*-\\d{6}\\.vmdk");

  /** What a file is. */
  public static VmFileKind of(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.startsWith(".lck")) {
      return LOCK;
    }
    int dot = name.lastIndexOf('.');
    return switch (dot < 0 ? "" : name.substring(dot + 1)) {
      case "vmx" -> CONFIGURATION;
      case "vmdk" -> disk(name);
      case "vmsn", "vmsd", "vmem", "vmss" -> SNAPSHOT_STATE;
      case "vswp" -> SWAP;
      case "log" -> LOG;
      default -> OTHER;
    };
  }

  private static VmFileKind disk(String name) {
    if (REDO.matcher(name).matches()) {
      return REDO_LOG;
    }
    return EXTENT.matcher(name).matches() ? DISK : DESCRIPTOR;
  }

  /** Whether the space of such a file counts as that of hypervisor snapshots. */
  static boolean isOfSnapshot(String fileName) {
    VmFileKind kind = of(fileName);
    return kind == REDO_LOG
        || kind == SNAPSHOT_STATE
        || REDO_DESCRIPTOR.matcher(fileName.toLowerCase(Locale.ROOT)).matches();
  }
}
