/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * What an UNMAP gave back, exact at the moment of the one step that unmapped.
 *
 * @param unmappedBytes that were mapped and are holes now
 * @param freedBytes of these, that no other file, snapshot or named state held
 * @param releasedBytes reservations of the unmapped ranges, which have ended
 */
public record UnmappedSpace(long unmappedBytes, long freedBytes, long releasedBytes) {
  static final UnmappedSpace NONE = new UnmappedSpace(0, 0, 0);
}
