/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.Comparator;

/**
 * The release of a host, such as 5.5.
 *
 * @param major 3 to 9 in the field
 * @param minor 0 or more
 */
public record EsxiVersion(int major, int minor) implements Comparable<EsxiVersion> {
  /** The first release that quiesces applications through VSS. */
  public static final EsxiVersion V4_1 = new EsxiVersion(4, 1);

  /** The release of the user whose clones the demo replays. */
  public static final EsxiVersion V5_5 = new EsxiVersion(5, 5);

  private static final Comparator<EsxiVersion> ORDER =
      Comparator.comparingInt(EsxiVersion::major).thenComparingInt(EsxiVersion::minor);

  public EsxiVersion {
    if (major < 1 || minor < 0) {
      throw new IllegalArgumentException("no such release: " + major + "." + minor);
    }
  }

  public boolean isAtLeast(EsxiVersion other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(EsxiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
