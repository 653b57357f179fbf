/* SPDX-License-Identifier: Apache-2.0 */
/**
 * NFS version 3 (RFC 1813): one class per procedure with its arguments and results, encoded and
 * decoded in both directions, and a typed client.
 *
 * <p>Decoding checks every length and every enumeration, and throws only {@link
 * org.facsim.protocol.xdr.XdrException}. An absent optional value is null.
 */
package org.facsim.protocol.nfs3;
