/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.facsim.services.access.NfsVersion;

/** The versions of NFS in the notation of the mount option {@code vers=}. */
public final class Versions {
  private Versions() {}

  /** The one that is written so; empty if there is none. */
  public static Optional<NfsVersion> of(String word) {
    return Arrays.stream(NfsVersion.values())
        .filter(each -> each.toString().equals(word))
        .findFirst();
  }

  /** All notations, in order. */
  public static List<String> words() {
    return Arrays.stream(NfsVersion.values()).map(NfsVersion::toString).toList();
  }

  /** 0 to 2; -1 for NFSv3. */
  static int minor(NfsVersion version) {
    return switch (version) {
      case V3 -> -1;
      case V4_0 -> 0;
      case V4_1 -> 1;
      case V4_2 -> 2;
    };
  }
}
