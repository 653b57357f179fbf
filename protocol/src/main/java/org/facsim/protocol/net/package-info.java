/* SPDX-License-Identifier: Apache-2.0 */
/** Addresses of IP: read from text, and resolved from names. Sees the JDK only. */
package org.facsim.protocol.net;
