/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Portmap version 2 and rpcbind versions 3 and 4 (RFC 1833): the messages, programs that tell where
 * others are served, and a client that asks and registers.
 */
package org.facsim.protocol.portmap;
