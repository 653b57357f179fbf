/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The NFS door of the array: which volumes are exported to whom, and the MOUNT protocol. May see
 * {@code org.facsim.array} and {@code org.facsim.protocol}; the procedures of NFS itself are in the
 * packages below.
 */
package org.facsim.nfs;
