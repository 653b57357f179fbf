/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiPrimitive;

/**
 * What was seen of a server, an export and the files in it. Filled step by step: what could not be
 * looked at is empty. One thread uses it.
 */
final class Facts {
  /** {@code host:port}. */
  String server = "";

  String export = "";

  /** Why there is no NFSv3; empty if there is. */
  Optional<String> unreachable = Optional.empty();

  /** What ended the look before all was seen; empty if nothing did. */
  Optional<String> brokenOff = Optional.empty();

  /** Whether a probe file is to be removed. */
  boolean mayHaveProbe;

  boolean isNfs4Served;

  /** What MOUNT answered; empty if it gave a handle. */
  Optional<String> mountRefused = Optional.empty();

  boolean isMounted;

  /** Of the root and of all files that were seen. */
  int longestHandleBytes;

  /** What the server answered to the probe file; empty if it was made. */
  Optional<String> probeRefused = Optional.empty();

  /** The name of the status: {@code ROFS}, {@code ACCES}, {@code NOSPC}; empty if it was made. */
  String probeStatus = "";

  Optional<Long> probeOwner = Optional.empty();

  /** The server's clock, milliseconds since 1970. */
  long nowMillis;

  /** Why there is no session; empty if there is one. */
  Optional<String> noSession = Optional.empty();

  boolean hasSession;

  final Map<VaaiPrimitive, SupportAnswer> support = new EnumMap<>(VaaiPrimitive.class);

  Optional<Space> space = Optional.empty();
  final List<Vm> vms = new ArrayList<>();

  /** Whether there is more than is looked at. */
  boolean isCut;

  /** Where clones go to, if somebody asked. */
  Optional<Destination> destination = Optional.empty();

  /** What the array tells over HTTP, if it was asked. */
  Optional<ArrayView> array = Optional.empty();

  /** How a lab's host sees it, if one was asked. */
  Optional<HostMount> mount = Optional.empty();

  /**
   * A datastore on a host.
   *
   * @param hardwareAcceleration {@code Supported}, {@code Not Supported} or {@code Unknown}
   */
  record HostMount(boolean isAccessible, String hardwareAcceleration) {}

  /** FSSTAT. */
  record Space(long totalBytes, long freeBytes, long availableBytes) {}

  /**
   * Where clones go to.
   *
   * @param problem why it cannot be used; empty if it can
   */
  record Destination(String server, String export, boolean isSameServer, Optional<String> problem) {
    boolean isSameExport(Facts of) {
      return isSameServer && export.equals(of.export);
    }
  }

  /**
   * The volume over HTTP.
   *
   * @param fields of its profile
   * @param faults in words, a rule each; empty if a lab's incident hides them
   */
  record ArrayView(String profile, Map<String, String> fields, Optional<List<String>> faults) {}

  /**
   * A directory with disks in it.
   *
   * @param guestOs as the .vmx has it; empty without one
   * @param isTemplate whether a .vmtx stands for the .vmx
   * @param isRunning whether there is a swap file or a lock that is kept fresh
   * @param controllers of its disks, as the .vmx begins their keys: {@code scsi}, {@code ide},
   *     {@code sata}
   * @param snapshots by name, as the .vmsd lists them
   * @param leftoverLogs redo logs that neither a disk nor a snapshot needs
   * @param siblings a sentence for each parent with several redo logs
   * @param staleLocks a sentence each
   */
  record Vm(
      String directory,
      String name,
      String guestOs,
      boolean isTemplate,
      boolean isRunning,
      boolean hasUuids,
      List<String> controllers,
      List<String> snapshots,
      List<Disk> disks,
      List<String> leftoverLogs,
      List<String> siblings,
      List<String> staleLocks) {}

  /**
   * A disk in its live state.
   *
   * @param descriptor relative to the export
   * @param redoLogs between it and its base
   * @param isThin as the base's descriptor says
   * @param missingBytes of a thick disk: for how much of it the server has no blocks; it may have
   *     reserved them
   * @param problem why it cannot be opened; empty if it can
   * @param fullTrial what the array answered to a dry run of a full clone of the base; empty if it
   *     would clone or was not asked
   * @param fastTrial likewise of a fast clone
   */
  record Disk(
      String descriptor,
      long capacityBytes,
      int redoLogs,
      boolean isThin,
      long missingBytes,
      Optional<String> problem,
      Optional<Refusal> fullTrial,
      Optional<Refusal> fastTrial,
      boolean isTried) {}

  /**
   * A refusal of the array.
   *
   * @param status such as {@code TOO_DEEP}
   */
  record Refusal(String status, String reason) {
    @Override
    public String toString() {
      return reason.isEmpty() ? status : status + ": " + reason;
    }
  }
}
