/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Sessions of hosts in front of the {@linkplain org.facsim.services.offload offload}, for the doors
 * that have them: our RPC program and JSON over HTTP.
 *
 * <ul>
 *   <li>What a door calls: {@link org.facsim.services.offload.session.SessionCalls}. {@link
 *       org.facsim.services.offload.session.HostSessions} implements it, with {@link
 *       org.facsim.services.offload.session.SessionOptions}: it finds the session, asks for the
 *       export's rules, executes a retransmitted request once, and calls the offload.
 *   <li>What hosts ask for: {@link org.facsim.services.offload.session.SessionStart}, {@link
 *       org.facsim.services.offload.session.CloneRequest}, {@link
 *       org.facsim.services.offload.session.ReserveRequest}.
 *   <li>What they are told: {@link org.facsim.services.offload.session.StartedSession} with its
 *       {@link org.facsim.services.offload.session.SessionId} and {@link
 *       org.facsim.services.offload.session.SessionLimits}.
 * </ul>
 *
 * <p>It may see {@code org.facsim.array} and {@code offload}, {@code access}, {@code calls}, {@code
 * explain} and {@code state} of {@code org.facsim.services}; no protocol.
 */
package org.facsim.services.offload.session;
