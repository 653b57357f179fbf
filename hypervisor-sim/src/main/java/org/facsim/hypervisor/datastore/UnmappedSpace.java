/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * What an UNMAP gave back.
 *
 * @param unmappedBytes that were mapped and are holes now
 * @param freedBytes of these, that nobody else shared
 */
public record UnmappedSpace(long unmappedBytes, long freedBytes) {
  static final UnmappedSpace NONE = new UnmappedSpace(0, 0);

  UnmappedSpace plus(UnmappedSpace other) {
    return new UnmappedSpace(unmappedBytes + other.unmappedBytes, freedBytes + other.freedBytes);
  }
}
