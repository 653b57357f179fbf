/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiesceRequirement;

/**
 * The host's half of the answer to "offloaded? if not, why?": what the host looked at, how it
 * judged each rule, and what came of it. The array's half says whether the array did what it was
 * asked for.
 *
 * @param host the host's name
 * @param task VMware's name of the task, such as {@code CloneVM_Task}
 * @param source the VM that was copied
 * @param guest its operating system, as an administrator calls it
 * @param at when the host decided
 * @param situation everything that it looked at
 * @param decision each rule with its evidence
 * @param clonedBy who moved the data in the end
 * @param offloadFailure what the array answered if the host had to copy in its place; else empty
 * @param exportPath of the destination, such as {@code /datastore1}
 * @param files the data files that were filled, relative to the export
 * @param destinationData what the host read of and wrote to them
 */
public record HostExplanation(
    String host,
    String task,
    String source,
    String guest,
    Instant at,
    CloneSituation situation,
    CloneDecision decision,
    CloneMethod clonedBy,
    Optional<String> offloadFailure,
    String exportPath,
    List<String> files,
    IoCounters destinationData) {
  private static final int WIDTH = 15;

  public HostExplanation {
    Objects.requireNonNull(host);
    Objects.requireNonNull(task);
    Objects.requireNonNull(source);
    Objects.requireNonNull(guest);
    Objects.requireNonNull(at);
    Objects.requireNonNull(situation);
    Objects.requireNonNull(decision);
    Objects.requireNonNull(clonedBy);
    Objects.requireNonNull(offloadFailure);
    Objects.requireNonNull(exportPath);
    files = List.copyOf(files);
    Objects.requireNonNull(destinationData);
  }

  /** The paths of the files that were filled, as clients name them: {@code /datastore1/vm/x}. */
  public List<String> clientPaths() {
    return files.stream().map(file -> exportPath + "/" + file).toList();
  }

  public boolean isOffloaded() {
    return clonedBy == CloneMethod.ARRAY_OFFLOAD;
  }

  /** Why, in one sentence. */
  public String headline() {
    if (isOffloaded()) {
      return "The host had the array clone it: " + decision.reason() + ".";
    }
    return offloadFailure
        .map(failure -> "The host asked the array, which failed (" + failure + "), and copied.")
        .orElseGet(() -> "The host did not ask the array, and copied: " + decision.reason() + ".");
  }

  /** What to change so that the next clone is offloaded; empty if there is nothing. */
  public List<String> advice() {
    List<String> advice = new ArrayList<>();
    decision.failed().forEach(failed -> advice.add(failed.rule().remedy()));
    if (offloadFailure.isPresent()) {
      advice.add("Ask the array why: 'facsim why " + firstPath() + "' has its half.");
    }
    return advice;
  }

  private String firstPath() {
    return files.isEmpty() ? exportPath : clientPaths().get(0);
  }

  /** All of it for people, line by line, without ends of lines. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(headline());
    lines.add(row("task", task + " of " + source + " on " + host + ", decided " + at));
    lines.add(row("guest", guest + (situation.poweredOn() ? ", powered on" : ", powered off")));
    addQuiescing(lines);
    HardwareAcceleration can = situation.acceleration();
    lines.add(
        row(
            "acceleration",
            can.unavailable() != null ? "Unknown: " + can.unavailable() : can.status().label()));
    for (RuleFinding each : decision.findings()) {
      lines.add(row(each.judgement().words(), each.rule().words() + ": " + each.evidence()));
    }
    lines.add(
        row(
            "moved by",
            "%s; the host wrote %d bytes to the disks of the copy"
                .formatted(clonedBy.label(), destinationData.writeBytes())));
    advice().forEach(each -> lines.add(row("to change", each)));
    return lines;
  }

  private void addQuiescing(List<String> lines) {
    QuiescePlan plan = situation.quiescing();
    lines.add(
        row(
            "quiescing",
            "%s level by %s, %d redo log%s per disk: %s"
                .formatted(
                    plan.level().label(),
                    plan.by().displayName(),
                    plan.redoLogsPerDisk(),
                    plan.redoLogsPerDisk() == 1 ? "" : "s",
                    plan.reason())));
    for (QuiesceRequirement.Finding each : plan.requirements()) {
      lines.add(
          row(
              each.isMet() ? "  met" : "  missing",
              each.requirement().words() + ": " + each.evidence()));
    }
  }

  private static String row(String what, String value) {
    return String.format(Locale.ROOT, "%-" + WIDTH + "s %s", what, value);
  }
}
