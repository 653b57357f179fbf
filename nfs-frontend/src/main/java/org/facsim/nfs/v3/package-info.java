/* SPDX-License-Identifier: Apache-2.0 */
/**
 * NFS version 3 (RFC 1813) over the array: one class per procedure, one program that dispatches to
 * them, and one translation of the array's errors. May see {@code org.facsim.nfs}, {@code
 * org.facsim.array} and {@code org.facsim.protocol}.
 */
package org.facsim.nfs.v3;
