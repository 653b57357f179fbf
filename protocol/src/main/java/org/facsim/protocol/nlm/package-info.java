/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The Network Lock Manager protocol, version 4 (RFC 1813 appendix II, and X/Open XNFS for the
 * procedures): byte-range locks and share reservations beside NFSv3; and a typed client, for
 * machines that lock and for servers that call back.
 */
package org.facsim.protocol.nlm;
