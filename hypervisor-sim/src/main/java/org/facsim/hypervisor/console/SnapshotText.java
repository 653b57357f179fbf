/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;

/**
 * The tree of a VM's snapshots as {@code vim-cmd vmsvc/snapshot.get} prints it, misspelling
 * included.
 */
final class SnapshotText {
  private static final DateTimeFormatter CREATED =
      DateTimeFormatter.ofPattern("M/d/uuuu H:m:s", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SnapshotText() {}

  static String of(VirtualMachine vm) {
    StringBuilder text = new StringBuilder("Get Snapshot:\n");
    append(text, vm.snapshots(), 0, 1);
    return text.toString();
  }

  private static void append(StringBuilder text, List<VmSnapshot> all, int parent, int depth) {
    for (VmSnapshot each : all) {
      if (each.parentId() != parent) {
        continue;
      }
      text.append("-".repeat(2 * depth - 2)).append(depth == 1 ? "|-ROOT\n" : "|-CHILD\n");
      String dashes = "-".repeat(2 * depth);
      line(text, dashes, "Name       ", each.name());
      line(text, dashes, "Id       ", Integer.toString(each.id()));
      line(text, dashes, "Desciption ", each.description());
      line(text, dashes, "Created On ", CREATED.format(each.createTime()));
      line(text, dashes, "State      ", each.memory() ? "powered on" : "powered off");
      append(text, all, each.id(), depth + 1);
    }
  }

  private static void line(StringBuilder text, String dashes, String name, String value) {
    text.append((dashes + "Snapshot " + name + " : " + value).stripTrailing()).append('\n');
  }
}
