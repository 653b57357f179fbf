/* SPDX-License-Identifier: Apache-2.0 */
/**
 * At most once for the programs of the NFS door: {@link
 * org.facsim.nfs.retransmission.DuplicateRequestCache} stands in front of a program and answers a
 * retransmitted call with the answer of the first. What it remembers is in tables of {@link
 * org.facsim.services.state.AtMostOnce}, as for every door.
 *
 * <p>It may see {@code org.facsim.protocol.rpc} and {@code org.facsim.services.state}.
 */
package org.facsim.nfs.retransmission;
