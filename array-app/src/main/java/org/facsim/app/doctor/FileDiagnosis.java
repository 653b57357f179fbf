/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.facsim.app.doctor.Facts.Disk;
import org.facsim.app.doctor.Facts.Vm;
import org.facsim.hypervisor.guest.ControllerType;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiescePolicy;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiPrimitive;

/** Judges the space and the files of a datastore. */
final class FileDiagnosis {
  private static final int MAX_LINES = 20;

  /** What a dry run can answer that another check is about. */
  private static final Set<String> OF_OTHER_CHECKS = Set.of("TOO_DEEP", "NOSPC", "NOTSUPP");

  private static final String TOO_DEEP = "TOO_DEEP";
  private static final String NO_SPACE = "NOSPC";

  private final Facts of;
  private final HostView host;
  private final List<Finding> findings = new ArrayList<>();

  FileDiagnosis(Facts of, HostView host) {
    this.of = of;
    this.host = host;
  }

  List<Finding> findings() {
    List<Check> all =
        List.of(
            Check.SPACE,
            Check.SNAPSHOTS,
            Check.SIBLINGS,
            Check.LEFTOVER_LOGS,
            Check.CHAINS,
            Check.QUIESCING,
            Check.THICK,
            Check.DEPTH,
            Check.LOCKS,
            Check.TRIAL);
    if (!of.isMounted) {
      return all.stream()
          .map(each -> new Finding(each, Verdict.SKIP, List.of("the export cannot be mounted")))
          .toList();
    }
    space();
    snapshots();
    gather(Check.SIBLINGS, Verdict.FAIL, vm -> vm.siblings());
    gather(Check.LEFTOVER_LOGS, Verdict.WARN, vm -> vm.leftoverLogs());
    gather(Check.CHAINS, Verdict.FAIL, vm -> problems(vm));
    quiescing();
    thick();
    depth();
    gather(Check.LOCKS, Verdict.WARN, vm -> vm.staleLocks());
    trial();
    return findings;
  }

  /** What is wrong with a VM, in words. */
  private interface Lines {
    List<String> of(Vm vm);
  }

  private void gather(Check check, Verdict ifAny, Lines lines) {
    List<String> found = new ArrayList<>();
    for (Vm vm : of.vms) {
      lines.of(vm).forEach(line -> found.add(vm.name() + ": " + line));
    }
    add(check, ifAny, found);
  }

  private void add(Check check, Verdict ifAny, List<String> found) {
    if (found.isEmpty()) {
      findings.add(new Finding(check, Verdict.PASS, List.of(looked())));
    } else {
      findings.add(new Finding(check, ifAny, cut(found)));
    }
  }

  private String looked() {
    int disks = of.vms.stream().mapToInt(vm -> vm.disks().size()).sum();
    String words =
        "%d VM%s, %d disk%s looked at"
            .formatted(of.vms.size(), of.vms.size() == 1 ? "" : "s", disks, disks == 1 ? "" : "s");
    return of.isCut ? words + ", there are more" : words;
  }

  private static List<String> cut(List<String> lines) {
    if (lines.size() <= MAX_LINES) {
      return lines;
    }
    List<String> first = new ArrayList<>(lines.subList(0, MAX_LINES));
    first.add("and " + (lines.size() - MAX_LINES) + " more");
    return first;
  }

  private void space() {
    List<String> full = new ArrayList<>();
    if (of.probeStatus.equals(NO_SPACE)) {
      full.add("a probe file: " + of.probeRefused.orElse(""));
    }
    forEachDisk(
        (vm, disk) ->
            disk.fullTrial()
                .filter(refusal -> refusal.status().equals(NO_SPACE))
                .ifPresent(refusal -> full.add(disk.descriptor() + ": " + refusal)));
    if (!full.isEmpty()) {
      findings.add(new Finding(Check.SPACE, Verdict.FAIL, cut(full)));
      return;
    }
    if (of.space.isEmpty()) {
      findings.add(new Finding(Check.SPACE, Verdict.SKIP, List.of("FSSTAT was not answered")));
      return;
    }
    long available = of.space.get().availableBytes();
    long largest =
        of.vms.stream()
            .flatMap(vm -> vm.disks().stream())
            .mapToLong(Disk::capacityBytes)
            .max()
            .orElse(0);
    String evidence =
        "%d bytes available of %d, the largest disk has %d"
            .formatted(available, of.space.get().totalBytes(), largest);
    Verdict verdict = available == 0 ? Verdict.FAIL : Verdict.PASS;
    findings.add(
        new Finding(
            Check.SPACE,
            available > 0 && available < largest ? Verdict.WARN : verdict,
            List.of(evidence)));
  }

  private void snapshots() {
    List<String> found = new ArrayList<>();
    for (Vm vm : of.vms) {
      Optional<Disk> deepest =
          vm.disks().stream()
              .filter(disk -> disk.redoLogs() > 0)
              .max((one, other) -> Integer.compare(one.redoLogs(), other.redoLogs()));
      if (deepest.isPresent() || !vm.snapshots().isEmpty()) {
        found.add(
            "%s%s: %d snapshot%s%s, the live state of %s is its base + %d redo log%s"
                .formatted(
                    vm.isTemplate() ? "template " : "",
                    vm.name(),
                    vm.snapshots().size(),
                    vm.snapshots().size() == 1 ? "" : "s",
                    vm.snapshots().isEmpty() ? "" : " (" + String.join(", ", vm.snapshots()) + ")",
                    deepest.map(Disk::descriptor).orElse("each disk"),
                    deepest.map(Disk::redoLogs).orElse(0),
                    deepest.map(Disk::redoLogs).orElse(0) == 1 ? "" : "s"));
      }
    }
    add(Check.SNAPSHOTS, Verdict.FAIL, found);
  }

  private static List<String> problems(Vm vm) {
    return vm.disks().stream()
        .filter(disk -> disk.problem().isPresent())
        .map(disk -> disk.descriptor() + ": " + disk.problem().get())
        .toList();
  }

  /** What the doctor cannot see in a guest, it takes as after an installation. */
  private void quiescing() {
    List<String> found = new ArrayList<>();
    boolean isRunning = false;
    for (Vm vm : of.vms) {
      Optional<GuestSpec> guest =
          vm.guestOs().isEmpty() ? Optional.empty() : host.guests().find(vm.guestOs());
      if (guest.isEmpty() || vm.isTemplate()) {
        continue;
      }
      QuiescePlan plan =
          QuiescePolicy.observed()
              .plan(guest.get(), configuration(vm), Math.max(1, vm.disks().size()), host.version());
      if (plan.leavesSiblingRedoLogs()) {
        isRunning |= vm.isRunning();
        found.add(
            "%s: %s, disk.EnableUUID is TRUE, %s: a hot clone is copied by the host unless Tools or"
                    .formatted(
                        vm.name(),
                        guest.get().displayName(),
                        vm.isRunning() ? "running" : "powered off at present")
                + " VSS are off in the guest");
      }
    }
    add(Check.QUIESCING, isRunning ? Verdict.FAIL : Verdict.WARN, found);
  }

  private static GuestConfiguration configuration(Vm vm) {
    GuestConfiguration standard = GuestConfiguration.standard().withDiskEnableUuid(vm.hasUuids());
    if (vm.controllers().contains("ide")) {
      return standard.withController(ControllerType.IDE);
    }
    boolean isOther = vm.controllers().stream().anyMatch(each -> !each.equals("scsi"));
    return isOther ? standard.withController(ControllerType.SATA) : standard;
  }

  private void thick() {
    List<String> found = new ArrayList<>();
    SupportAnswer reserve = of.support.get(VaaiPrimitive.RESERVE_SPACE);
    boolean reserves = reserve == null || reserve.supported();
    boolean ignoresReservations =
        of.array.map(array -> "ignored".equals(array.fields().get("reserve-space"))).orElse(false);
    boolean makesThick =
        of.array
            .map(array -> "true".equals(array.fields().get("thick-destinations")))
            .orElse(false);
    forEachDisk(
        (vm, disk) -> {
          if (disk.missingBytes() > 0 && (!reserves || ignoresReservations)) {
            found.add(
                "%s is described as thick, and the server has no block for %d of its"
                        .formatted(disk.descriptor(), disk.missingBytes())
                    + " %d bytes, and reserves none".formatted(disk.capacityBytes()));
          }
          if (!disk.isThin() && !reserves) {
            found.add(disk.descriptor() + " is thick, and its clone will be thin");
          } else if (disk.isThin() && makesThick) {
            found.add(disk.descriptor() + " is thin, and the profile makes its clone thick");
          }
        });
    add(Check.THICK, Verdict.WARN, found);
  }

  private void depth() {
    List<String> found = new ArrayList<>();
    forEachDisk(
        (vm, disk) -> {
          disk.fullTrial()
              .filter(refusal -> refusal.status().equals(TOO_DEEP))
              .ifPresent(refusal -> found.add(disk.descriptor() + ": " + refusal));
          disk.fastTrial()
              .filter(refusal -> refusal.status().equals(TOO_DEEP))
              .ifPresent(refusal -> found.add(disk.descriptor() + ", fast clone: " + refusal));
        });
    add(Check.DEPTH, Verdict.FAIL, found);
  }

  private void trial() {
    List<String> found = new ArrayList<>();
    boolean[] isTried = {false};
    forEachDisk(
        (vm, disk) -> {
          isTried[0] |= disk.isTried();
          disk.fullTrial()
              .filter(refusal -> !OF_OTHER_CHECKS.contains(refusal.status()))
              .ifPresent(refusal -> found.add(disk.descriptor() + ": " + refusal));
        });
    if (isTried[0] || !found.isEmpty()) {
      add(Check.TRIAL, Verdict.FAIL, found);
    } else {
      findings.add(
          new Finding(Check.TRIAL, Verdict.SKIP, List.of("no disk could be tried in a dry run")));
    }
  }

  /** Does something with a disk. */
  private interface DiskAction {
    void on(Vm vm, Disk disk);
  }

  private void forEachDisk(DiskAction action) {
    for (Vm vm : of.vms) {
      vm.disks().forEach(disk -> action.on(vm, disk));
    }
  }
}
