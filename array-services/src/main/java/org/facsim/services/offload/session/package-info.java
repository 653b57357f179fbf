/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Sessions of hosts over the {@linkplain org.facsim.services.offload offload}, for the doors that
 * have them: our RPC program and JSON over HTTP.
 *
 * <p>{@link org.facsim.services.offload.session.SessionCalls} is what a door calls; {@link
 * org.facsim.services.offload.session.HostSessions} finds the session, asks for the export's rules,
 * makes a retransmitted request run once, and calls the offload. May see {@code
 * org.facsim.services.offload}, {@code org.facsim.services.access} and {@code org.facsim.array}; no
 * protocol.
 */
package org.facsim.services.offload.session;
