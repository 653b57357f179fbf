/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The dialect of the OpenSDS VAAI-NAS plugin: procedure 22 of NFSv3 over {@code
 * org.facsim.services.offload}.
 *
 * <ul>
 *   <li>{@link org.facsim.vaai.opensds.OpenSdsProgram} is the procedure as an RPC program. A router
 *       puts it beside NFSv3.
 *   <li>{@link org.facsim.vaai.opensds.OpenSdsCommands} executes the commands, and remembers clones
 *       so that none is made twice.
 *   <li>{@link org.facsim.vaai.opensds.OpenSdsFlags} says what the bits mean that hosts pass with a
 *       clone.
 * </ul>
 *
 * <p>It may see {@code org.facsim.services}, {@code org.facsim.protocol} and {@code
 * org.facsim.array}; never the NFS door, whose calls never come here.
 */
package org.facsim.vaai.opensds;
