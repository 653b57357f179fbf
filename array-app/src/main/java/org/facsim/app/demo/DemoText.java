/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.facsim.app.scenario.ModelledTime;
import org.facsim.services.units.ByteSize;

/**
 * Prints the demo for a storage administrator: plain ASCII, coloured if that is wanted, and each
 * row as soon as its case is done.
 */
public final class DemoText {
  private static final String ROW = "%-28s  %-15s  %-16s  %-13s  %10s  %9s  %9s  %10s  %8s";
  private static final String SPACE_ROW = "%-28s  %9s  %9s  %11s  %9s  %9s  %11s";

  private static final String GREEN = "\u001b[32m";
  private static final String YELLOW = "\u001b[33m";
  private static final String GREY = "\u001b[90m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final DemoOptions options;
  private final boolean inGib;
  private final boolean isColoured;

  /**
   * Prints to {@code out}.
   *
   * @param isColoured whether rows are coloured by who cloned, with the escape sequences of ECMA-48
   */
  public DemoText(PrintWriter out, DemoOptions options, boolean isColoured) {
    this.isColoured = isColoured;
    this.out = out;
    this.options = options;
    this.inGib = options.diskSizeBytes() >= ByteSize.GIB;
  }

  /** Says what is about to happen. */
  public void printSetUp(String nfsAddress) {
    out.printf(
        Locale.ROOT,
        "An array on %s; esx1 mounts /datastore1 over NFSv3 and runs one VM per guest, each with a"
            + " thin disk%nof %s of which the guest writes %s. Every clone below is a new one. Watch who clones it:"
            + "%nseven of eight should cost nothing, and one should not, because its guest's VSS leaves"
            + " two redo logs.%n%n",
        nfsAddress,
        ByteSize.format(options.disk().provisionedBytes()),
        ByteSize.format(options.diskSizeBytes()));
    out.flush();
  }

  /** The head of the table of cases. */
  public void printHead() {
    String unit = unit();
    line(ROW, "", "", "Snapshots", "", "Written", "Source", "Clone", "Added to", "");
    line(
        ROW,
        "Case",
        "Guest",
        "taken",
        "Cloned by",
        "over NFS",
        "used " + unit,
        "used " + unit,
        "the array",
        "Time");
    out.println("-".repeat(String.format(ROW, "", "", "", "", "", "", "", "", "").length()));
    out.flush();
  }

  /** One row, and below it the reason. */
  public void printRow(CaseResult result) {
    colour(result.clonedBy().equals("host-copy") ? YELLOW : GREEN);
    line(
        ROW,
        result.name(),
        result.guest(),
        snapshots(result),
        result.clonedBy(),
        ByteSize.format(result.nfsWriteBytesToDestination()),
        inUnit(result.sourceUsedBytes()),
        inUnit(result.cloneUsedBytes()),
        ByteSize.format(result.addedPhysicalBytes()),
        String.format(Locale.ROOT, "%.2f s", result.elapsedMillis() / 1e3));
    colour(GREY);
    out.println("    " + result.reason());
    out.println("    modelled, the data alone: " + modelled(result));
    colour(PLAIN);
    for (String deviation : result.deviations()) {
      out.println("    NOT AS EXPECTED: " + deviation);
    }
    out.flush();
  }

  /** On real networks, see {@link ModelledTime}. */
  private static String modelled(CaseResult result) {
    return String.join(
        ", ",
        ModelledTime.NETWORKS.stream().map(network -> network.inWords(result.work())).toList());
  }

  private void colour(String sequence) {
    if (isColoured) {
      out.print(sequence);
    }
  }

  private static String snapshots(CaseResult result) {
    if (result.snapshotsTaken() == 0) {
      return "none";
    }
    int redoLogs = result.redoLogsPerDisk();
    return result.snapshotsTaken() + ", " + redoLogs + (redoLogs == 1 ? " redo log" : " redo logs");
  }

  /** The split that a console shows when the pointer rests on "Used". */
  public void printSpaces(List<VmSpace> spaces) {
    out.println();
    out.println("Used " + unit() + " per VM, split as the array's console shows it on hover:");
    out.println();
    line(SPACE_ROW, "", "", "", "Hypervisor", "Array", "", "");
    line(SPACE_ROW, "VM", "Used", "Live", "snapshots", "snapshots", "Unique", "Provisioned");
    out.println("-".repeat(String.format(SPACE_ROW, "", "", "", "", "", "", "").length()));
    for (VmSpace space : spaces) {
      line(
          SPACE_ROW,
          space.vm(),
          inUnit(space.usedBytes()),
          inUnit(space.liveBytes()),
          inUnitOrDash(space.hypervisorSnapshotBytes()),
          inUnitOrDash(space.arraySnapshotBytes()),
          inUnit(space.uniqueBytes()),
          inUnit(space.provisionedBytes()));
    }
    out.flush();
  }

  /** Says in one sentence, from the figures, what happened, and how the contents were compared. */
  public void printSummary(List<CaseResult> results) {
    out.println();
    out.println(sentence(results));
    long compared = results.stream().mapToLong(CaseResult::contentsVerifiedBytes).sum();
    out.println(
        "Contents: "
            + (options.comparesAll()
                ? "every block of every clone"
                : "a random sample of %s per clone (seed %d and up)"
                    .formatted(ByteSize.format(DemoOptions.SAMPLE_BYTES), options.seed()))
            + ", read back over NFS by another host and compared with the source's quiesced state: "
            + ByteSize.format(compared)
            + " equal.");
    out.flush();
  }

  private static String sentence(List<CaseResult> results) {
    List<CaseResult> wrong = results.stream().filter(result -> !result.asExpected()).toList();
    if (!wrong.isEmpty()) {
      return "%d of %d cases did not come out as expected: %s."
          .formatted(
              wrong.size(),
              results.size(),
              String.join(", ", wrong.stream().map(CaseResult::name).toList()));
    }
    List<CaseResult> copied = new ArrayList<>(results);
    copied.removeIf(result -> !result.clonedBy().equals("host-copy"));
    int shared = results.size() - copied.size();
    long sharedAdded =
        results.stream()
            .filter(result -> !copied.contains(result))
            .mapToLong(CaseResult::addedPhysicalBytes)
            .sum();
    long copiedAdded = copied.stream().mapToLong(CaseResult::addedPhysicalBytes).sum();
    long written = copied.stream().mapToLong(CaseResult::nfsWriteBytesToDestination).sum();
    return "%d of %d clones share the source's blocks and added %s in all; %s was copied by its host, which wrote %s over NFS and added %s, because VSS left two sibling redo logs per disk."
        .formatted(
            shared,
            results.size(),
            ByteSize.format(sharedAdded),
            String.join(", ", copied.stream().map(CaseResult::name).toList()),
            ByteSize.format(written),
            ByteSize.format(copiedAdded));
  }

  private String unit() {
    return inGib ? "GiB" : "MiB";
  }

  private String inUnit(long bytes) {
    double unit = inGib ? ByteSize.GIB : ByteSize.MIB;
    return String.format(Locale.ROOT, "%.2f", bytes / unit);
  }

  /** What is nothing stands back, so that the eye finds what is something. */
  private String inUnitOrDash(long bytes) {
    return bytes == 0 ? "-" : inUnit(bytes);
  }

  private void line(String format, Object... columns) {
    out.println(String.format(Locale.ROOT, format, columns).stripTrailing());
  }
}
