/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The numbers of NFS version 4 with its minor versions 0 (RFC 7530), 1 (RFC 8881) and 2 (RFC 7862,
 * RFC 8276): operations, statuses, attributes, and the small types that every operation uses.
 *
 * <p>There is no class per operation with its arguments and results here. A server reads the
 * arguments where they lie and appends the results to the reply, operation by operation, so that a
 * COMPOUND makes no object for each field.
 *
 * <p>Decoding checks every length and throws only {@link org.facsim.protocol.xdr.XdrException}.
 */
package org.facsim.protocol.nfs4;
