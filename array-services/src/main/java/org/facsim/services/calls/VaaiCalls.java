/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Set;

/**
 * What the calls of VAAI are called, whichever dialect they come in: the program of {@code
 * vaai_nas.x}, OpenSDS, or JSON over HTTP. A plugin speaks one of them, and whoever asks for a
 * {@code CLONE} means a clone, so a name of the program stands for the same call of every dialect.
 */
public final class VaaiCalls {
  /** What every call of OpenSDS is called, too; the name of one whose command is unknown. */
  public static final String OPENSDS = "OPENSDS";

  /** A call that makes a clone. */
  public static final String CLONE = "CLONE";

  /** The names that mean something in every dialect that has it. */
  public static final Set<String> NAMES =
      Set.of(
          "SESSION_START",
          "SESSION_END",
          "SUPPORT",
          CLONE,
          "CLONE_STATUS",
          "CLONE_ABORT",
          "RESERVE",
          "STATX",
          "UNMAP_GRANULARITY",
          "UNMAP");

  private static final String SESSIONS = " /vaai/v1/sessions";
  private static final Splitter SLASH = Splitter.on('/');

  private VaaiCalls() {}

  /** Whether a call at this door is one of VAAI, in any dialect. */
  public static boolean isVaai(Door door, String procedure) {
    return switch (door) {
      case VAAI, OPENSDS -> true;
      case HTTP -> !nameOf(procedure).isEmpty();
      case NFS, MOUNT, NLM, NSM, PORTMAP, UNKNOWN -> false;
    };
  }

  /**
   * Whether a name of a call of VAAI, in upper case, stands for a call.
   *
   * @param procedure as the call's record has it
   */
  public static boolean isNamed(String name, Door door, String procedure) {
    return switch (door) {
      case VAAI -> procedure.equals(name);
      case OPENSDS -> procedure.equals(name) || name.equals(OPENSDS);
      case HTTP -> NAMES.contains(name) && nameOf(procedure).equals(name);
      case NFS, MOUNT, NLM, NSM, PORTMAP, UNKNOWN -> false;
    };
  }

  /**
   * What a request over HTTP is called in the program of {@code vaai_nas.x}; empty if it is none of
   * VAAI.
   *
   * @param request method and path; a part of the path may be {@code *}
   */
  public static String nameOf(String request) {
    int space = request.indexOf(SESSIONS);
    if (space <= 0) {
      return "";
    }
    String method = request.substring(0, space);
    List<String> parts = SLASH.splitToList(request.substring(space + SESSIONS.length()));
    return switch (parts.size()) {
      case 1 -> method.equals("POST") && parts.get(0).isEmpty() ? "SESSION_START" : "";
      case 2 -> method.equals("DELETE") ? "SESSION_END" : "";
      case 3 -> method.equals("POST") ? nameOfPost(parts.get(2)) : "";
      case 4 -> nameOfPart(method, parts.get(2));
      default -> "";
    };
  }

  private static String nameOfPost(String what) {
    return switch (what) {
      case "clones" -> CLONE;
      case "reservations" -> "RESERVE";
      case "unmap-granularity" -> "UNMAP_GRANULARITY";
      case "unmaps" -> "UNMAP";
      case "statistics" -> "STATX";
      default -> "";
    };
  }

  private static String nameOfPart(String method, String what) {
    return switch (method + " " + what) {
      case "GET support" -> "SUPPORT";
      case "GET clones" -> "CLONE_STATUS";
      case "DELETE clones" -> "CLONE_ABORT";
      default -> "";
    };
  }
}
