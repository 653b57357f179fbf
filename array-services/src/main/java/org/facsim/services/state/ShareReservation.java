/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * The access for which an owner opens a file, and what it denies others meanwhile, as in DOS and
 * NFSv4.
 *
 * @param access the sum of {@link #READ} and {@link #WRITE}, 0 to 3
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

  /** This reservation with the access and denials of another one added. */
  ShareReservation with(ShareReservation more) {
    return new ShareReservation(access | more.access, deny | more.deny);
  }

  /** Whether this open forbids other clients a delegation of the file. */
  boolean forbids(DelegationKind kind) {
    return kind == DelegationKind.WRITE || (access & WRITE) != 0;
  }

  boolean conflictsWith(ShareReservation other) {
    return (access & other.deny) != 0 || (deny & other.access) != 0;
  }
}
