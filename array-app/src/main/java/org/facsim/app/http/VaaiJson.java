/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiFile;

/**
 * The VAAI messages as JSON. Handles and session ids are hexadecimal; job ids are decimal strings,
 * because they use all 64 bits and JavaScript's numbers do not.
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
  record SessionRequest(
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
    static SessionJson of(SessionGrant grant) {
      return new SessionJson(
          grant.session().toString(),
          grant.root().toString(),
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
    static SupportJson of(SupportAnswer answer) {
      return new SupportJson(answer.supported(), Flag.namesOf(answer.flags()), answer.reason());
    }
  }

  /** A file: by {@code path} below the export, by {@code handle}, or {@code directory, name}. */
  record FileJson(String path, String handle, String directory, String name) {
    /**
     * @throws Problem 400
     */
    VaaiFile toFile(String field) {
      if (path != null && handle == null && directory == null && name == null) {
        return VaaiFile.byPath(path);
      }
      if (handle != null && path == null && directory == null && name == null) {
        return VaaiFile.byHandle(bytes(field + ".handle", handle));
      }
      if (directory != null && name != null && path == null && handle == null) {
        return VaaiFile.byEntry(bytes(field + ".directory", directory), name);
      }
      throw Problem.badRequest(
          "field '" + field + "'; allowed: path alone, handle alone, or directory and name");
    }
  }

  record CloneRequest(
      Long requestId,
      FileJson source,
      FileJson destination,
      List<String> flags,
      String sourceSession) {}

  record ReserveRequest(Long requestId, FileJson file, String mode, Long sizeBytes) {}

  record StatisticsRequest(FileJson file) {}

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
    static JobJson of(CloneJob job) {
      return new JobJson(
          Long.toUnsignedString(job.jobId()),
          job.state().name(),
          job.state().isFinal(),
          job.outcome().name(),
          job.reason(),
          job.totalBytes(),
          job.doneBytes(),
          job.sharedBytes(),
          job.copiedBytes(),
          job.destination().toString());
    }
  }

  /** The clone flags by name. */
  private enum Flag {
    LAZY(CloneFlags.LAZY),
    DRY_RUN(CloneFlags.DRY_RUN),
    GUARDED(CloneFlags.GUARDED),
    OTHER_VOLUME(CloneFlags.OTHER_VOLUME);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }

    static List<String> namesOf(int flags) {
      List<String> names = new ArrayList<>();
      for (Flag flag : values()) {
        if ((flags & flag.bit) != 0) {
          names.add(flag.name());
        }
      }
      return names;
    }
  }

  /**
   * @throws Problem 400
   */
  static int flags(List<String> names) {
    int flags = 0;
    for (String name : names == null ? List.<String>of() : names) {
      flags |= oneOf(Flag.class, "flags", name).bit;
    }
    return flags;
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
