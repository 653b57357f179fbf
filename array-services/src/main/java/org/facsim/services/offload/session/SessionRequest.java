/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

/** A request that changes something. It is executed at most once, however often it is sent. */
sealed interface SessionRequest permits CloneRequest, ReserveRequest, UnmapRequest {
  /** Puts everything that distinguishes this request from others into its fingerprint. */
  void putInto(Fingerprint fingerprint);
}
