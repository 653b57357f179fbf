/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Portmap version 2 and rpcbind versions 3 and 4 (RFC 1833): the messages, the programs that tell
 * where other programs are served, and clients that ask and register.
 */
package org.facsim.protocol.portmap;
