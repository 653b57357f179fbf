/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.hypervisor.guest.WriteRun;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;

/**
 * The files that guests of a lab make and delete by hand, as far as the lab needs them: one growing
 * file at the end of the first disk. A deleted part stays allocated until the guest trims it; a
 * guest asks for a trim once, and again only after a reboot, as guests do. Thread-safe.
 */
final class GuestFiles {
  private static final long STEP_BYTES = 1 << 20;

  /** What the guest knows of the end of its first disk, from the end backwards. */
  private record Use(long writtenBytes, long deletedBytes, boolean isAsked) {
    static final Use NONE = new Use(0, 0, false);
  }

  /** How a guest's disk is used and trimmed. */
  interface Disks {
    void write(VirtualMachine vm, long offsetBytes, long lengthBytes);

    /** Tells the disk that a range is not needed; returns whether the disk freed it. */
    boolean trim(VirtualMachine vm, int diskIndex, long offsetBytes, long lengthBytes);
  }

  private final Disks disks;
  private final Map<String, Use> useByVm = new HashMap<>();

  GuestFiles(Disks disks) {
    this.disks = disks;
  }

  private Use use(VirtualMachine vm) {
    return useByVm.getOrDefault(vm.name(), Use.NONE);
  }

  private static long capacity(VirtualMachine vm) {
    return vm.disks().get(0).provisionedBytes() / STEP_BYTES * STEP_BYTES;
  }

  /** The guest writes more into its file. */
  synchronized String write(VirtualMachine vm, long bytes) {
    Use use = use(vm);
    long most = capacity(vm) / 4 - use.writtenBytes;
    if (bytes <= 0 || bytes % STEP_BYTES != 0 || bytes > most) {
      throw new IllegalArgumentException(
          bytes + " bytes; allowed: whole MiB, at most " + most / STEP_BYTES + " more here");
    }
    long end = capacity(vm) - use.writtenBytes;
    disks.write(vm, end - bytes, bytes);
    useByVm.put(vm.name(), new Use(use.writtenBytes + bytes, use.deletedBytes, false));
    return "wrote " + bytes / STEP_BYTES + " MiB";
  }

  /** The guest writes what it has written at its installation once more. */
  synchronized String rewrite(VirtualMachine vm, long bytes) {
    long left = bytes;
    for (WriteRun run : vm.disks().get(0).contents().runs()) {
      long length = Math.min(run.lengthBytes(), left);
      if (length > 0) {
        disks.write(vm, run.offsetBytes(), length);
      }
      left -= length;
    }
    return "rewrote " + (bytes - left) / STEP_BYTES + " MiB";
  }

  /** The guest deletes what it wrote last; its disk is not told. */
  synchronized String delete(VirtualMachine vm, long bytes) {
    Use use = use(vm);
    long left = use.writtenBytes - use.deletedBytes;
    if (bytes <= 0 || bytes % STEP_BYTES != 0 || bytes > left) {
      throw new IllegalArgumentException(
          bytes + " bytes; allowed: whole MiB, at most " + left / STEP_BYTES + " are there");
    }
    useByVm.put(vm.name(), new Use(use.writtenBytes, use.deletedBytes + bytes, use.isAsked));
    return "deleted " + bytes / STEP_BYTES + " MiB";
  }

  /** The guest tells its disk what it does not need any more. */
  synchronized String trim(VirtualMachine vm) {
    Use use = use(vm);
    if (use.deletedBytes == 0) {
      return "nothing to trim";
    }
    if (use.isAsked) {
      return "the disk does not support trim (asked at boot)";
    }
    long start = capacity(vm) - use.writtenBytes;
    boolean isFreed = disks.trim(vm, 0, start, use.deletedBytes);
    useByVm.put(vm.name(), new Use(use.writtenBytes, isFreed ? 0 : use.deletedBytes, !isFreed));
    return isFreed
        ? "trimmed " + use.deletedBytes / STEP_BYTES + " MiB"
        : "the disk has taken no trim; the guest asks it again at its next boot";
  }

  /** The guest asks its disk anew what it can do. */
  synchronized void rebooted(VirtualMachine vm) {
    Use use = use(vm);
    useByVm.put(vm.name(), new Use(use.writtenBytes, use.deletedBytes, false));
  }

  synchronized List<String> status(VirtualMachine vm) {
    List<String> lines = new ArrayList<>();
    VirtualDisk disk = vm.disks().get(0);
    lines.add("first disk           " + disk.provisionedBytes() / STEP_BYTES + " MiB");
    Use use = use(vm);
    if (use.writtenBytes > 0) {
      lines.add(
          "data                 "
              + (use.writtenBytes - use.deletedBytes) / STEP_BYTES
              + " MiB, "
              + use.deletedBytes / STEP_BYTES
              + " MiB deleted");
    }
    return lines;
  }

  synchronized Map<String, ?> save() {
    return Map.copyOf(useByVm);
  }

  synchronized void restore(Map<String, ?> saved) {
    useByVm.clear();
    saved.forEach((vm, use) -> useByVm.put(vm, (Use) use));
  }
}
