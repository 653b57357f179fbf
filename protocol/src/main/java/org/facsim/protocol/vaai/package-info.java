/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Messages of the VAAI-NAS program, both directions, and a typed client.
 *
 * <p>{@code vaai_nas.x} beside these classes is the authority; each call has one class for its
 * arguments and one for its results, named as there. Sees {@code protocol.xdr} and {@code
 * protocol.rpc}, never the array.
 */
package org.facsim.protocol.vaai;
