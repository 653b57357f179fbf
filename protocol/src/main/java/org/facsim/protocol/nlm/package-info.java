/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The Network Lock Manager protocol, version 4 (RFC 1813 appendix II, and X/Open XNFS for the
 * procedures): byte-range locks and share reservations beside NFSv3; and a typed client, which both
 * lockers and a server that calls back need.
 */
package org.facsim.protocol.nlm;
