/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The operations of NFSv4 on the data of files: READ, WRITE, COMMIT; {@link
 * org.facsim.nfs.v4.data.DataOperations} adds them to a door. Sees the engine.
 */
package org.facsim.nfs.v4.data;
