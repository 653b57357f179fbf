/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.guest.GuestFamily;
import org.facsim.hypervisor.guest.GuestTable;
import org.facsim.hypervisor.guest.QuiesceRequirement;

/** The tables of {@code docs/clone-decision.md}, made from the code that decides. */
final class CloneDecisionTable {
  private CloneDecisionTable() {}

  /** The rules of a host, a row of Markdown each. */
  static List<String> rules() {
    List<String> lines = new ArrayList<>();
    lines.add("| | rule | what must hold | why | what to change |");
    lines.add("|---|---|---|---|---|");
    int number = 0;
    for (CloneRule rule : CloneRule.values()) {
      lines.add(
          row(
              Integer.toString(++number),
              "`" + rule.label() + "`",
              rule.words(),
              rule.because(),
              rule.remedy()));
    }
    return lines;
  }

  /** What application-level quiescing needs. */
  static List<String> requirements() {
    List<String> lines = new ArrayList<>();
    lines.add("| | requirement | what must hold | what to change |");
    lines.add("|---|---|---|---|");
    int number = 0;
    for (QuiesceRequirement need : QuiesceRequirement.values()) {
      lines.add(
          row(Integer.toString(++number), "`" + need.label() + "`", need.words(), need.remedy()));
    }
    return lines;
  }

  /** The families of a table of guests. */
  static List<String> families(GuestTable table) {
    List<String> lines = new ArrayList<>();
    lines.add("| guest | quiesced by | level | redo logs per disk | hot clone | source |");
    lines.add("|---|---|---|---|---|---|");
    for (GuestFamily family : table.families()) {
      lines.add(
          row(
              family.title(),
              family.quiescing().by().displayName(),
              family.quiescing().level().label(),
              Integer.toString(family.quiescing().redoLogsPerDisk()),
              family.quiescing().offloadsHotClone() ? "offload" : "host copy",
              family.source().label()));
    }
    return lines;
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
