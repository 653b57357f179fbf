/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The operations of NFSv4 on handles and names: PUTFH and its relatives, LOOKUP, ACCESS, READDIR,
 * CREATE, REMOVE, RENAME, LINK, READLINK, SECINFO; {@link org.facsim.nfs.v4.names.NameOperations}
 * adds them to a door. The pseudo-root is served here, too.
 *
 * <p>Sees the engine and {@code .attributes}.
 */
package org.facsim.nfs.v4.names;
