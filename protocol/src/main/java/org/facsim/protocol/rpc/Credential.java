/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.List;

/** The identity that a call claims, RFC 5531 section 8.2. */
public sealed interface Credential {
  /** AUTH_NONE. */
  record None() implements Credential {}

  /**
   * AUTH_SYS, RFC 5531 appendix A.
   *
   * @param stamp arbitrary, unsigned 32 bits
   * @param machineName at most 255 bytes
   * @param uid 0 to 2^32-1
   * @param gid 0 to 2^32-1
   * @param groups at most 16 supplementary groups
   */
  record Sys(long stamp, String machineName, long uid, long gid, List<Long> groups)
      implements Credential {
    public Sys {
      groups = List.copyOf(groups);
    }
  }
}
