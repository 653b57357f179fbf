/* SPDX-License-Identifier: Apache-2.0 */
/** XDR (RFC 4506) on Netty buffers. */
package org.facsim.protocol.xdr;
