/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The dialect of the OpenSDS VAAI-NAS plugin: procedure 22 of the NFSv3 program. XDR outside, plain
 * little-endian C structures of fixed size inside. Both directions; what the numbers mean for an
 * array is in {@code org.facsim.vaai.opensds}.
 */
package org.facsim.protocol.opensds;
