/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

/** Where a call came in, by the protocol that it speaks. */
public enum Door {
  NFS,
  MOUNT,

  /** Locks of NFSv3 clients. */
  NLM,

  /** The status monitor beside {@link #NLM}. */
  NSM,

  /** Portmap and rpcbind. */
  PORTMAP,

  /** The offload as an RPC program of its own. */
  VAAI,

  /** The offload as a procedure of NFSv3. */
  OPENSDS,

  /** Administration, and the offload as JSON. */
  HTTP,

  /** A program that this array does not serve; such a call is refused. */
  UNKNOWN
}
