/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The storage array: volumes, files, directories, clones and the space ledger.
 *
 * <p>What the doors (NFS, VAAI, HTTP) see of the array is public here; everything else is
 * package-private. May see the JDK, Guava, slf4j and {@code org.facsim.array.block}; knows no
 * network and no protocol.
 */
package org.facsim.array;
