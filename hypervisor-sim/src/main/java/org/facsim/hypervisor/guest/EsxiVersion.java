/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** The first release that mounts NFS 4.1. */
  public static final EsxiVersion V6_0 = new EsxiVersion(6, 0);

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]?)\\.([0-9]{1,2})");

  private static final Comparator<EsxiVersion> ORDER =
      Comparator.comparingInt(EsxiVersion::major).thenComparingInt(EsxiVersion::minor);

  public EsxiVersion {
    if (major < 1 || minor < 0) {
      throw new IllegalArgumentException("no such release: " + major + "." + minor);
    }
  }

  /**
   * A release as it is written: {@code 8.0}.
   *
   * @throws IllegalArgumentException says what is allowed
   */
  public static EsxiVersion parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "version '" + text + "'; allowed: MAJOR.MINOR, for example 8.0");
    }
    return new EsxiVersion(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
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
