/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Encodes and decodes what is on the wire: XDR, ONC RPC, MOUNT, NFS and VAAI-NAS messages, and the
 * Netty transport of clients and servers. It never sees the array.
 */
package org.facsim.protocol;
