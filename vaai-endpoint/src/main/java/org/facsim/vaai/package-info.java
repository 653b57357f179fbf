/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Our ONC RPC dialect of the VAAI door, the program of {@code vaai_nas.x}: a translation and
 * nothing else.
 *
 * <p>{@link org.facsim.vaai.VaaiProgram} decodes, calls {@link
 * org.facsim.services.offload.session.SessionCalls} and encodes. Requests, answers and statuses are
 * translated in one place each. May see {@code org.facsim.services}, {@code org.facsim.array} and
 * {@code org.facsim.protocol}, never the NFS door.
 */
package org.facsim.vaai;
