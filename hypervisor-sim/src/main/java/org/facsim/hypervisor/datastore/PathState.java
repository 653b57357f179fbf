/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** How a host judges the path to a datastore. */
public enum PathState {
  /** It answers, or has not been silent for long. */
  ACCESSIBLE,
  /** All paths down: silent for longer than heartbeats may be missed. Everything is tried again. */
  ALL_PATHS_DOWN,
  /** Down for longer than the APD timer runs: what is not I/O of a VM fails at once. */
  ALL_PATHS_DOWN_TIMEOUT
}
