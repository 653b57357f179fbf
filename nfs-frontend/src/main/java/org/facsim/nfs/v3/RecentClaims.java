/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import org.facsim.array.Caller;
import org.facsim.nfs.Claims;
import org.facsim.protocol.rpc.Credential;

/**
 * {@link Claims}, remembered for the credentials that came last: a connection repeats the object of
 * its credential call after call, so that no call has to make a caller. Bounded; thread-safe
 * without a lock, because what a place holds is immutable, and a place that somebody else has taken
 * costs a new caller and nothing more.
 */
final class RecentClaims {
  /** A power of two, more than connections are busy at once. */
  private static final int PLACES = 256;

  private record Claim(Credential credential, Caller caller) {}

  private final Claim[] recent = new Claim[PLACES];

  /** The ids in a credential; null if it names none. */
  Caller of(Credential credential) {
    int place = System.identityHashCode(credential) & PLACES - 1;
    Claim claim = recent[place];
    if (claim == null || claim.credential != credential) {
      claim = new Claim(credential, Claims.of(credential));
      recent[place] = claim;
    }
    return claim.caller;
  }
}
