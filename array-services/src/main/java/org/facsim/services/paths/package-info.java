/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Paths of files, as people write them: {@code /datastore1/vm/vm-flat.vmdk}, the export's path and
 * the path in its volume. The array finds files by handles; whoever tells people of calls, or lets
 * them choose calls, needs the way back. Also patterns, of paths and of requests over HTTP.
 *
 * <p>May see {@code org.facsim.services.calls} and {@code org.facsim.array}; no protocol.
 */
package org.facsim.services.paths;
