/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Moves a disk's data through the host, and checks it.
 *
 * <ul>
 *   <li>{@link org.facsim.hypervisor.mover.SoftwareDataMover} reads a disk through its chain of
 *       redo logs and writes what is not zero into an empty file.
 *   <li>{@link org.facsim.hypervisor.mover.DiskVerifier} reads a disk and compares it with what the
 *       guest wrote; a {@link org.facsim.hypervisor.mover.Verification} says how far the two agree.
 * </ul>
 *
 * <p>Both keep at most a fixed number of READs in flight, which bounds their memory.
 *
 * <p>May see {@code vm}, {@code guest} and {@code datastore}. The clone task uses the mover; the
 * demo and the scenarios use the verifier, on a second host that took no part in the clone.
 */
package org.facsim.hypervisor.mover;
