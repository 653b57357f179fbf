/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.facsim.array.FileHandle;
import org.facsim.array.FileRange;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.Support;
import org.facsim.services.offload.session.SessionId;
import org.facsim.services.offload.session.StartedSession;

/**
 * VAAI as JSON. Handles and session ids are hexadecimal; job ids are decimal strings, because they
 * use all 64 bits and JavaScript's numbers do not.
 */
final class VaaiJson {
  private VaaiJson() {}

  /**
   * A session start.
   *
   * @param protocolVersion 1 if absent
   * @param fileSystemVersion NFS version of the mount; 3 if absent
   * @param timeoutSeconds 0 or absent for the array's default
   */
  record SessionBody(
      String exportPath,
      String clientName,
      Long protocolVersion,
      Long fileSystemVersion,
      Long timeoutSeconds) {}

  record Limits(
      long leaseSeconds,
      long maxClones,
      long maxDepth,
      long maxRequests,
      long cloneBlockBytes,
      long maxFileBytes) {}

  record SessionJson(String session, String root, long timeoutSeconds, Limits limits) {
    static SessionJson of(StartedSession grant) {
      return new SessionJson(
          grant.id().toString(),
          hex(grant.root()),
          grant.timeoutSeconds(),
          new Limits(
              grant.limits().leaseSeconds(),
              grant.limits().maxClones(),
              grant.limits().maxDepth(),
              grant.limits().maxRequests(),
              grant.limits().cloneBlockBytes(),
              grant.limits().maxFileBytes()));
    }
  }

  record SupportJson(boolean supported, List<String> flags, String reason) {
    static SupportJson of(Support support) {
      return new SupportJson(
          support.supported(),
          support.options().stream().sorted().map(CloneOption::name).toList(),
          support.reason());
    }
  }

  /** A file: by {@code path} below the export, by {@code handle}, or {@code directory, name}. */
  record FileJson(String path, String handle, String directory, String name) {
    /**
     * @throws Problem 400
     */
    FileRef toFile(String field) {
      if (path != null && handle == null && directory == null && name == null) {
        return FileRef.byPath(path);
      }
      if (handle != null && path == null && directory == null && name == null) {
        return FileRef.byHandle(bytes(field + ".handle", handle));
      }
      if (directory != null && name != null && path == null && handle == null) {
        return FileRef.byEntry(bytes(field + ".directory", directory), name);
      }
      throw Problem.badRequest(
          "field '" + field + "'; allowed: path alone, handle alone, or directory and name");
    }
  }

  record CloneBody(
      Long requestId,
      FileJson source,
      FileJson destination,
      List<String> flags,
      String sourceSession) {}

  record ReserveBody(Long requestId, FileJson file, String mode, Long sizeBytes) {}

  record UnmapGranularityBody(FileJson file) {}

  record UnmapBody(Long requestId, FileJson file, List<RangeJson> ranges) {}

  record RangeJson(Long offsetBytes, Long lengthBytes) {}

  /**
   * @throws Problem 400
   */
  static List<FileRange> ranges(List<RangeJson> given) {
    List<FileRange> ranges = new ArrayList<>();
    for (RangeJson range : VaaiJson.<List<RangeJson>>required("ranges", given)) {
      String field = "ranges[" + ranges.size() + "]";
      required(field, range);
      ranges.add(
          new FileRange(
              required(field + ".offsetBytes", range.offsetBytes()),
              required(field + ".lengthBytes", range.lengthBytes())));
    }
    return ranges;
  }

  record StatisticsBody(FileJson file) {}

  record JobJson(
      String jobId,
      String state,
      boolean done,
      String outcome,
      String reason,
      long totalBytes,
      long doneBytes,
      long sharedBytes,
      long copiedBytes,
      String destination) {
    static JobJson of(JobSnapshot job) {
      return new JobJson(
          Long.toUnsignedString(job.jobId()),
          job.state().name(),
          job.state().isFinal(),
          job.error().map(error -> VaaiProblems.codeOf(error).name()).orElse("OK"),
          job.reason(),
          job.totalBytes(),
          job.doneBytes(),
          job.sharedBytes(),
          job.copiedBytes(),
          job.destination().map(VaaiJson::hex).orElse(""));
    }
  }

  /**
   * @throws Problem 400
   */
  static CloneOptions options(List<String> names) {
    Set<CloneOption> chosen = EnumSet.noneOf(CloneOption.class);
    for (String name : names == null ? List.<String>of() : names) {
      chosen.add(oneOf(CloneOption.class, "flags", name));
    }
    return new CloneOptions(chosen, "");
  }

  /**
   * The constant of an enum by its name.
   *
   * @throws Problem 400, which names all allowed values
   */
  static <E extends Enum<E>> E oneOf(Class<E> type, String field, String name) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    throw Problem.badRequest(
        "field '"
            + field
            + "': '"
            + name
            + "'; allowed: "
            + Arrays.stream(type.getEnumConstants())
                .map(Enum::name)
                .collect(Collectors.joining(", ")));
  }

  /**
   * @throws Problem 404, also for a text that cannot be a session id
   */
  static SessionId session(String text) {
    if (text.length() == 2 * 2 * Long.BYTES && text.chars().allMatch(HexFormat::isHexDigit)) {
      int half = 2 * Long.BYTES;
      return new SessionId(
          HexFormat.fromHexDigitsToLong(text.substring(0, half)),
          HexFormat.fromHexDigitsToLong(text.substring(half)));
    }
    throw Problem.notFound("session '" + text + "' is not 32 hexadecimal digits");
  }

  /**
   * @throws Problem 404
   */
  static long jobId(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw Problem.notFound("job '" + text + "' is not an unsigned decimal number");
    }
  }

  private static String hex(FileHandle handle) {
    return HexFormat.of().formatHex(handle.toBytes());
  }

  private static byte[] bytes(String field, String hex) {
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(
          "field '" + field + "': '" + hex + "'; allowed: pairs of hexadecimal digits");
    }
  }

  /**
   * @throws Problem 400 if the field is absent
   */
  static <T> T required(String field, T value) {
    if (value == null) {
      throw Problem.badRequest("field '" + field + "' is missing");
    }
    return value;
  }
}
