/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The dialect of the OpenSDS VAAI-NAS plugin: procedure 22 of NFSv3 over {@code
 * org.facsim.services.offload}. May see that, {@code org.facsim.protocol} and {@code
 * org.facsim.array}; never the NFS door, whose calls never come here.
 */
package org.facsim.vaai.opensds;
