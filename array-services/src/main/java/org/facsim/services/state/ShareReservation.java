/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * What an owner does with a file and does not want others to do meanwhile, as DOS had it and NFSv4
 * has it.
 *
 * @param access {@link #READ} and {@link #WRITE} added, 0 to 3
 * @param deny likewise
 */
public record ShareReservation(int access, int deny) {
  public static final int READ = 1;
  public static final int WRITE = 2;

  private static final int BOTH = READ | WRITE;

  public ShareReservation {
    if ((access & ~BOTH) != 0 || (deny & ~BOTH) != 0) {
      throw new IllegalArgumentException("access " + access + ", deny " + deny);
    }
  }

  boolean conflictsWith(ShareReservation other) {
    return (access & other.deny) != 0 || (deny & other.access) != 0;
  }
}
