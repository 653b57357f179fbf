/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Messages of the VAAI-NAS program, both directions, and a typed client.
 *
 * <p>{@code vaai_nas.x}, beside these classes, is the authority. Each call has one class for its
 * arguments and one for its results, with the names used there. The package may see {@code
 * protocol.xdr} and {@code protocol.rpc}, and never the array.
 */
package org.facsim.protocol.vaai;
