/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import com.google.common.collect.Sets;
import java.util.Arrays;
import java.util.Set;

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
    return Arrays.stream(values()).filter(NfsVersion::isServed).collect(Sets.toImmutableEnumSet());
  }

  /** Whether this server supports the version. */
  boolean isServed() {
    return this == V3;
  }

  /** The version in the notation of the mount option {@code vers=}. */
  @Override
  public String toString() {
    return text;
  }
}
