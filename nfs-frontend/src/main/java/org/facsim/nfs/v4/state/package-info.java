/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What NFSv4 clients are and hold: client ids, sessions and their slots, leases, opens, byte-range
 * locks, delegations, and the callbacks to them; RFC 7530, RFC 8881 and RFC 7862. Here are the
 * operations that change any of it, one class each, and {@link org.facsim.nfs.v4.state.Nfs4State},
 * which has it all.
 *
 * <p>Opens, locks and delegations conflict in the tables of {@code org.facsim.services.state},
 * which all doors share. This package knows by which stateid a client names them.
 *
 * <p>One monitor, that of {@code Nfs4State}, guards clients, owners and states; each session's own
 * one guards its slots and is never held while the other one is taken. SEQUENCE and the check of a
 * stateid take no monitor but the session's. Within the state's monitor the shared tables may be
 * called, and no client.
 */
package org.facsim.nfs.v4.state;
