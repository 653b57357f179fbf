/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The ONC RPC dialect of the VAAI door: sessions, at most once, and the program of {@code
 * vaai_nas.x}.
 *
 * <p>{@link org.facsim.vaai.VaaiOperations} are its calls without bytes; {@link
 * org.facsim.vaai.VaaiEndpoint} does them with the {@linkplain org.facsim.services.offload
 * offload}, which is common to all dialects; {@link org.facsim.vaai.VaaiProgram} decodes and
 * encodes. May see {@code org.facsim.array} and {@code org.facsim.protocol}, never the NFS door.
 */
package org.facsim.vaai;
