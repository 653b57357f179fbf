/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.collect.Sets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The versions of NFS that an export may admit. MOUNT and NLM belong to {@link #V3}. */
public enum NfsVersion {
  V3("3"),
  V4_0("4.0"),
  V4_1("4.1"),
  V4_2("4.2");

  private final String text;

  NfsVersion(String text) {
    this.text = text;
  }

  /** All versions that this server supports. */
  static Set<NfsVersion> served() {
    return Sets.immutableEnumSet(Arrays.asList(values()));
  }

  /**
   * The versions of a text: one, or all of a major version.
   *
   * @return empty if there is none
   */
  static Set<NfsVersion> named(String text) {
    return Arrays.stream(values())
        .filter(version -> version.text.equals(text) || version.text.startsWith(text + "."))
        .collect(Sets.toImmutableEnumSet());
  }

  /** All of them for a message. */
  static String allowed() {
    return Arrays.stream(values()).map(NfsVersion::toString).collect(Collectors.joining(", "))
        + ", or 4 for all of version 4";
  }

  /** The version in the notation of the mount option {@code vers=}. */
  @Override
  public String toString() {
    return text;
  }
}
