/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * What an owner opens a file for, and what it denies others meanwhile, as DOS had it and NFSv4 has
 * it.
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

  /** This and something more. */
  ShareReservation with(ShareReservation more) {
    return new ShareReservation(access | more.access, deny | more.deny);
  }

  /** Whether no other client may have the file delegated while it is open like this. */
  boolean forbids(DelegationKind kind) {
    return kind == DelegationKind.WRITE || (access & WRITE) != 0;
  }

  boolean conflictsWith(ShareReservation other) {
    return (access & other.deny) != 0 || (deny & other.access) != 0;
  }
}
