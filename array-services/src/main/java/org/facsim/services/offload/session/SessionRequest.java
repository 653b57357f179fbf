/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

/** A request that changes something: run at most once, however often it is sent. */
sealed interface SessionRequest permits CloneRequest, ReserveRequest {
  /** Puts in everything that makes this request another one than others. */
  void putInto(Fingerprint fingerprint);
}
