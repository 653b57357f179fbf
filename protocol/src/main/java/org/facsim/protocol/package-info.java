/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Bytes on the wire, both directions: XDR, ONC RPC, MOUNT, NFS and VAAI-NAS messages, and the Netty
 * transport of clients and servers. Never sees the array.
 */
package org.facsim.protocol;
