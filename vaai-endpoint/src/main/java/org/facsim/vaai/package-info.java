/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Our ONC RPC dialect of the VAAI door, the program of {@code vaai_nas.x}. It translates and does
 * nothing else.
 *
 * <ul>
 *   <li>{@link org.facsim.vaai.VaaiProgram} is what an RPC server serves. It decodes a call, calls
 *       {@link org.facsim.services.offload.session.SessionCalls} and encodes the answer. Requests,
 *       answers and statuses are translated in one class each.
 *   <li>{@link org.facsim.vaai.RecordedLatency} measures offloads as RPC calls are measured.
 *   <li>{@code org.facsim.vaai.opensds} is the other dialect of this door.
 * </ul>
 *
 * <p>It may see {@code org.facsim.services}, {@code org.facsim.array} and {@code
 * org.facsim.protocol}, never the NFS door.
 */
package org.facsim.vaai;
