/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import org.facsim.array.Caller;
import org.facsim.protocol.rpc.Credential;

/**
 * {@link Claims} for recent credentials. A connection repeats the object of its credential in each
 * call, so that usually no caller has to be made. Bounded. Thread-safe without a lock, because the
 * contents of a place are immutable; if another credential has taken a place, a new caller is made,
 * and nothing else happens.
 */
public final class RecentClaims {
  /**
   * The number of places: a power of two, and more than the connections that are busy at the same
   * time.
   */
  private static final int PLACES = 256;

  private record Claim(Credential credential, Caller caller) {}

  private final Claim[] recent = new Claim[PLACES];

  /** The ids in a credential; null if it names none. */
  public Caller of(Credential credential) {
    int place = System.identityHashCode(credential) & PLACES - 1;
    Claim claim = recent[place];
    if (claim == null || claim.credential != credential) {
      claim = new Claim(credential, Claims.of(credential));
      recent[place] = claim;
    }
    return claim.caller;
  }
}
