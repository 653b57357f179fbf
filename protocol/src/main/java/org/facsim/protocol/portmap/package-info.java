/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Portmap version 2 (RFC 1833 section 3): the messages, and a program that tells where others are
 * served.
 */
package org.facsim.protocol.portmap;
