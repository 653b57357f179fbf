/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The engine of NFSv4.0, 4.1 and 4.2: it reads a COMPOUND and performs its operations one after the
 * other.
 *
 * <ul>
 *   <li>{@link org.facsim.nfs.v4.Nfs4Program}: the RPC program;
 *   <li>{@link org.facsim.nfs.v4.Compound}: one COMPOUND while it runs, which every operation is
 *       given: current and saved file, stateid, session slot, size of the reply, durability;
 *   <li>{@link org.facsim.nfs.v4.Operation4}: one operation; a class for each, stateless;
 *   <li>{@link org.facsim.nfs.v4.OperationTable}: which operations there are in a minor version;
 *   <li>{@link org.facsim.nfs.v4.SlotInUse} and {@link org.facsim.nfs.v4.Stateids}: what the engine
 *       asks of the packages that know sessions, opens and locks.
 * </ul>
 *
 * <p>The engine knows no operation. The operations are in packages of their own, each of which sees
 * the engine and never the other way round: {@code .attributes}, {@code .names} and {@code .data}
 * (files), {@code .session} (client ids, sessions, leases), {@code .open} (opens, locks,
 * delegations), {@code .space} (4.2), {@code .acl} and {@code .xattr}. Whoever puts the door
 * together adds their operations to one table.
 */
package org.facsim.nfs.v4;
