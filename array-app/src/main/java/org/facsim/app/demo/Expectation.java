/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.facsim.services.units.ByteSize;

/**
 * What the article's author saw, written down by hand, case by case. It does not use the hosts'
 * policy, so it detects a policy that decides otherwise. It takes from the wire and the ledger who
 * copied, not from the task's own report.
 *
 * @param poweredOn whether the source runs
 * @param quiescing the level that the guest reaches
 * @param redoLogsPerDisk how many the snapshot leaves
 * @param clonedBy who moves the data
 */
record Expectation(boolean poweredOn, String quiescing, int redoLogsPerDisk, String clonedBy) {
  /**
   * How many bytes a clone that shares its blocks may still add, for descriptors and other small
   * files.
   */
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
   * @param comparedBytes how many bytes must have been compared, at least
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
