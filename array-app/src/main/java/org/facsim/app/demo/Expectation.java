/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.facsim.services.units.ByteSize;

/**
 * What the article saw, written down by hand, case by case: it does not ask the hosts' policy, so a
 * policy that decides otherwise is caught. Who copied is judged by the wire and the ledger, not by
 * what the task says of itself.
 *
 * @param poweredOn whether the source runs
 * @param quiescing the level that the guest reaches
 * @param redoLogsPerDisk that the snapshot leaves
 * @param clonedBy who moves the data
 */
record Expectation(boolean poweredOn, String quiescing, int redoLogsPerDisk, String clonedBy) {
  /** A clone that shares its blocks may still add descriptors and the like, up to here. */
  static final long SMALL_FILES_BYTES = 64 * ByteSize.KIB;

  private static final String HOST_COPY = "host-copy";

  private static final Map<String, Expectation> BY_CASE =
      Map.of(
          "windows-7-hot", new Expectation(true, "file-system", 1, "array-offload"),
          "windows-2008r2-hot", new Expectation(true, "application", 2, HOST_COPY),
          "windows-2008r2-vss-disabled", new Expectation(true, "file-system", 1, "array-offload"),
          "windows-2008r2-sync-driver", new Expectation(true, "file-system", 1, "array-offload"),
          "windows-2008r2-tools-stopped", new Expectation(true, "file-system", 1, "array-offload"),
          "windows-2008r2-dynamic-disk", new Expectation(true, "file-system", 1, "array-offload"),
          "windows-2008r2-cold", new Expectation(false, "none", 0, "array-offload"),
          "windows-2008r2-array-ui", new Expectation(true, "none", 0, "array-ui"));

  /**
   * How a result differs from what is expected of its case; empty if it does not.
   *
   * @param diskSizeBytes what the guest wrote
   * @param comparedBytes the least that must have been compared
   */
  static List<String> deviations(CaseResult result, long diskSizeBytes, long comparedBytes) {
    Expectation expected = BY_CASE.get(result.name());
    if (expected == null) {
      throw new IllegalArgumentException("no expectation of a case named " + result.name());
    }
    List<String> found = new ArrayList<>();
    expect(found, "powered on", expected.poweredOn, result.poweredOn());
    expect(found, "quiescing", expected.quiescing, result.quiescing());
    expect(found, "redo logs per disk", expected.redoLogsPerDisk, result.redoLogsPerDisk());
    expect(found, "cloned by", expected.clonedBy, result.clonedBy());
    if (expected.clonedBy.equals(HOST_COPY)) {
      atLeast(found, "written over NFS", diskSizeBytes, result.nfsWriteBytesToDestination());
      atLeast(found, "read over NFS", diskSizeBytes, result.nfsReadBytes());
      atLeast(found, "used by the clone", diskSizeBytes, result.cloneUsedBytes());
      atLeast(found, "added to the array", diskSizeBytes, result.addedPhysicalBytes());
    } else {
      expect(found, "bytes written over NFS", 0L, result.nfsWriteBytesToDestination());
      below(found, "used by the clone", result.cloneUsedBytes());
      below(found, "added to the array", result.addedPhysicalBytes());
    }
    atLeast(found, "used by the source", diskSizeBytes, result.sourceUsedBytes());
    result
        .mismatch()
        .ifPresent(
            at ->
                found.add(
                    "contents differ at %d: %016x, not %016x"
                        .formatted(at.offsetBytes(), at.foundWord(), at.expectedWord())));
    if (result.mismatch().isEmpty()) {
      atLeast(found, "compared", comparedBytes, result.contentsVerifiedBytes());
    }
    return found;
  }

  private static void expect(List<String> found, String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      found.add("%s: %s, not %s".formatted(what, actual, expected));
    }
  }

  private static void atLeast(List<String> found, String what, long leastBytes, long actualBytes) {
    if (actualBytes < leastBytes) {
      found.add("%s: %d bytes, not at least %d".formatted(what, actualBytes, leastBytes));
    }
  }

  private static void below(List<String> found, String what, long actualBytes) {
    if (actualBytes >= SMALL_FILES_BYTES) {
      found.add("%s: %d bytes, not below %d".formatted(what, actualBytes, SMALL_FILES_BYTES));
    }
  }
}
