/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A client of NFS version 4, as low as calls allow it to be: a {@link
 * org.facsim.protocol.nfs4.client.Compound4} is written operation by operation, {@link
 * org.facsim.protocol.nfs4.client.Results4} are read in the same order, and a {@link
 * org.facsim.protocol.nfs4.client.ClientSession4} numbers requests on its slots so that each is
 * executed once, also if its reply is lost. What a client does with files, opens and recovery is
 * left to its users.
 *
 * <p>Nothing blocks. Every future completes on a connection's event loop.
 */
package org.facsim.protocol.nfs4.client;
