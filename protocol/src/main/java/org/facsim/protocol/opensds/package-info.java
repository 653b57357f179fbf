/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The dialect of the OpenSDS VAAI-NAS plugin: procedure 22 of the NFSv3 program. XDR outside, plain
 * little-endian C structures of fixed size inside. Encodes and decodes both; {@code
 * org.facsim.vaai.opensds} says what the numbers mean for an array.
 */
package org.facsim.protocol.opensds;
