/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** What a host thinks of the way to a datastore. */
public enum PathState {
  /** It answers, or has not been silent for long. */
  ACCESSIBLE,
  /** All paths down: silent for longer than heartbeats may be missed. Everything is tried again. */
  ALL_PATHS_DOWN,
  /** Down for longer than the APD timer runs: what is not for a VM fails at once. */
  ALL_PATHS_DOWN_TIMEOUT
}
