/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Virtual machines as the console of an array groups them: a directory with files of a VM. The
 * array sees files and knows nothing of guests, so all of it is read from names, from the text of
 * descriptors, and from the ledger. See {@code array-core} and {@link
 * org.facsim.services.explain.FileTransfers}; nothing of a wire.
 */
package org.facsim.services.control.vm;
