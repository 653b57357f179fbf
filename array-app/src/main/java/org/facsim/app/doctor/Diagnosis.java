/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiPrimitive;

/** Judges what was seen of the server and the array; {@link FileDiagnosis} judges the files. */
final class Diagnosis {
  /** What a host keeps of a handle. */
  static final int MAX_HANDLE_BYTES = 56;

  private static final String READ_ONLY = "ROFS";
  private static final String NO_SPACE = "NOSPC";

  private final Facts of;
  private final List<Finding> findings = new ArrayList<>();

  private Diagnosis(Facts of) {
    this.of = of;
  }

  /** A finding for each check, in their order. */
  static List<Finding> of(Facts facts, HostView host) {
    Diagnosis diagnosis = new Diagnosis(facts);
    diagnosis.mountOfHost();
    diagnosis.server();
    diagnosis.export();
    diagnosis.session();
    diagnosis.array();
    diagnosis.placement();
    FileDiagnosis files = new FileDiagnosis(facts, host);
    diagnosis.findings.addAll(files.findings());
    return diagnosis.findings.stream()
        .sorted((one, other) -> one.check().compareTo(other.check()))
        .toList();
  }

  private void add(Check check, Verdict verdict, String... evidence) {
    findings.add(new Finding(check, verdict, List.of(evidence)));
  }

  private void mountOfHost() {
    if (of.mount.isEmpty()) {
      add(Check.HOST_PATH, Verdict.SKIP, "seen on a lab's host only: give --host");
      add(Check.HOST_STATUS, Verdict.SKIP, "seen on a lab's host only: give --host");
      return;
    }
    Facts.HostMount mount = of.mount.get();
    add(
        Check.HOST_PATH,
        mount.isAccessible() ? Verdict.PASS : Verdict.FAIL,
        mount.isAccessible() ? "accessible" : "inaccessible: all paths are down");
    String status = mount.hardwareAcceleration();
    add(
        Check.HOST_STATUS,
        switch (status) {
          case "Supported" -> Verdict.PASS;
          case "Unknown" -> Verdict.WARN;
          default -> Verdict.FAIL;
        },
        "Hardware Acceleration: " + status);
  }

  private void server() {
    if (of.unreachable.isPresent()) {
      add(Check.NFS, Verdict.FAIL, of.unreachable.get());
      for (Check each :
          List.of(Check.MOUNT, Check.NFS_VERSIONS, Check.HANDLES, Check.READ_WRITE, Check.ROOT)) {
        add(each, Verdict.SKIP, "the server does not answer");
      }
      return;
    }
    if (of.brokenOff.isPresent()) {
      add(
          Check.NFS,
          Verdict.FAIL,
          of.server + " answers, but not to the end: " + of.brokenOff.get(),
          "the other checks judge what was seen until then");
    } else {
      add(Check.NFS, Verdict.PASS, of.server + " answers");
    }
    add(
        Check.NFS_VERSIONS,
        Verdict.PASS,
        of.isNfs4Served
            ? "versions 3 and 4: mount the export over one of them on every host"
            : "version 3");
  }

  private void export() {
    if (of.unreachable.isPresent()) {
      return;
    }
    if (of.mountRefused.isPresent()) {
      add(Check.MOUNT, Verdict.FAIL, of.export + ": " + of.mountRefused.get());
      for (Check each : List.of(Check.HANDLES, Check.READ_WRITE, Check.ROOT)) {
        add(each, Verdict.SKIP, "the export cannot be mounted");
      }
      return;
    }
    add(Check.MOUNT, Verdict.PASS, of.export + " can be mounted");
    boolean fits = of.longestHandleBytes <= MAX_HANDLE_BYTES;
    add(
        Check.HANDLES,
        fits ? Verdict.PASS : Verdict.FAIL,
        "the longest that was seen has " + of.longestHandleBytes + " bytes");
    writable();
  }

  private void writable() {
    if (of.probeStatus.equals(READ_ONLY)) {
      add(Check.READ_WRITE, Verdict.FAIL, "a probe file: " + of.probeRefused.orElse(""));
      add(Check.ROOT, Verdict.SKIP, "nothing can be made on a read-only export");
      return;
    }
    if (of.probeRefused.isPresent() && !of.probeStatus.equals(NO_SPACE)) {
      add(Check.READ_WRITE, Verdict.PASS, "not refused as read-only");
      add(Check.ROOT, Verdict.FAIL, "a probe file as root: " + of.probeRefused.get());
      return;
    }
    add(
        Check.READ_WRITE,
        Verdict.PASS,
        of.probeRefused.isPresent() ? "not refused as read-only" : "a probe file could be made");
    if (of.probeOwner.isEmpty()) {
      add(Check.ROOT, Verdict.SKIP, "no probe file could be made: " + of.probeRefused.orElse(""));
    } else if (of.probeOwner.get() != 0) {
      add(Check.ROOT, Verdict.FAIL, "a file that root made belongs to uid " + of.probeOwner.get());
    } else {
      add(Check.ROOT, Verdict.PASS, "a file that root made belongs to root");
    }
  }

  private void session() {
    List<Check> primitives =
        List.of(
            Check.FULL_CLONE,
            Check.FAST_CLONE,
            Check.ACROSS_VOLUMES,
            Check.STATISTICS,
            Check.RESERVE);
    if (!of.isMounted || !of.hasSession) {
      if (of.isMounted) {
        add(Check.CLONE_PROTOCOL, Verdict.FAIL, of.noSession.orElse("no session"));
      } else {
        add(Check.CLONE_PROTOCOL, Verdict.SKIP, "the export cannot be mounted");
      }
      primitives.forEach(each -> add(each, Verdict.SKIP, "there is no session to ask in"));
      return;
    }
    add(Check.CLONE_PROTOCOL, Verdict.PASS, "the array started a session");
    boolean isShownAsSupported = of.support.values().stream().anyMatch(SupportAnswer::supported);
    primitive(
        Check.FULL_CLONE,
        VaaiPrimitive.FULL_CLONE,
        Verdict.FAIL,
        isShownAsSupported
            ? "; a host shows \"Hardware Acceleration: Supported\" all the same"
            : "");
    primitive(Check.FAST_CLONE, VaaiPrimitive.LAZY_CLONE, Verdict.WARN, "");
    boolean isAcross = of.destination.isPresent() && !of.destination.get().isSameExport(of);
    primitive(
        Check.ACROSS_VOLUMES,
        VaaiPrimitive.CLONE_ACROSS_VOLUMES,
        isAcross ? Verdict.FAIL : Verdict.WARN,
        "");
    primitive(Check.STATISTICS, VaaiPrimitive.EXTENDED_STATISTICS, Verdict.WARN, "");
    primitive(Check.RESERVE, VaaiPrimitive.RESERVE_SPACE, Verdict.WARN, "");
  }

  private void primitive(
      Check check, VaaiPrimitive primitive, Verdict ifMissing, String besideIfMissing) {
    SupportAnswer answer = of.support.get(primitive);
    if (answer == null) {
      add(check, Verdict.SKIP, "the array did not answer the support query");
    } else if (answer.supported()) {
      add(check, Verdict.PASS, "the array answered that it does");
    } else {
      if (of.probeStatus.equals(READ_ONLY)) {
        add(check, Verdict.SKIP, "asked on a read-only export: " + answer.reason());
        return;
      }
      String reason = answer.reason().isEmpty() ? "the array answered no" : answer.reason();
      add(check, ifMissing, reason + besideIfMissing);
    }
  }

  private void array() {
    if (of.array.isEmpty()) {
      add(Check.PROFILE, Verdict.SKIP, "seen over HTTP only: give --http");
      add(Check.FAULTS, Verdict.SKIP, "seen over HTTP only: give --http");
      return;
    }
    Facts.ArrayView array = of.array.get();
    List<String> lost = new ArrayList<>();
    if ("copy".equals(array.fields().get("full-clone"))) {
      lost.add("full-clone is copy: clones are offloaded, and take as much space as their source");
    }
    if ("ignored".equals(array.fields().get("reserve-space"))) {
      lost.add("reserve-space is ignored: a host is told OK, and its thick disks stay thin");
    }
    if ("net".equals(array.fields().get("extended-statistics"))) {
      lost.add("extended-statistics is net: hosts see other sizes there than over NFS");
    }
    if (!"available".equals(array.fields().getOrDefault("availability", "available"))) {
      lost.add("availability is " + array.fields().get("availability"));
    }
    findings.add(
        new Finding(
            Check.PROFILE,
            lost.isEmpty() ? Verdict.PASS : Verdict.WARN,
            lost.isEmpty() ? List.of("profile " + array.profile()) : lost));
    if (array.faults().isEmpty()) {
      add(Check.FAULTS, Verdict.SKIP, "not looked at: the array serves an incident of a lab");
      return;
    }
    List<String> faults = array.faults().get();
    findings.add(
        new Finding(
            Check.FAULTS,
            faults.isEmpty() ? Verdict.PASS : Verdict.FAIL,
            faults.isEmpty() ? List.of("no rule") : faults));
  }

  private void placement() {
    Optional<Facts.Destination> to = of.destination;
    if (!of.isMounted) {
      add(
          Check.PLACEMENT,
          Verdict.SKIP,
          of.unreachable.isPresent()
              ? "the server does not answer"
              : "the export cannot be mounted");
      return;
    }
    if (to.isEmpty()) {
      add(Check.PLACEMENT, Verdict.PASS, "clones stay on the datastore (--to names another one)");
      return;
    }
    String where = to.get().server() + to.get().export();
    if (!to.get().isSameServer()) {
      add(Check.PLACEMENT, Verdict.FAIL, where + " is on another array");
    } else if (to.get().problem().isPresent()) {
      add(Check.PLACEMENT, Verdict.FAIL, where + ": " + to.get().problem().get());
    } else {
      add(
          Check.PLACEMENT,
          Verdict.PASS,
          where + (to.get().isSameExport(of) ? " is this one" : " is on the same server"));
    }
  }
}
