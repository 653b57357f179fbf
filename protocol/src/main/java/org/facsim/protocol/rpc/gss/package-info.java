/* SPDX-License-Identifier: Apache-2.0 */
/**
 * RPCSEC_GSS (RFC 2203) with Kerberos: contexts, their windows of sequence numbers, and the
 * protection of arguments and results. The cryptography is that of the JDK ({@code org.ietf.jgss}).
 * {@link org.facsim.protocol.rpc.gss.GssSecurity} is the way in.
 */
package org.facsim.protocol.rpc.gss;
