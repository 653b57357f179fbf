/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import org.facsim.array.FileAttributes;
import org.facsim.array.FileSpace;

/**
 * A file or directory as an administrator sees it.
 *
 * @param name its name in its directory
 * @param path below the volume, without a slash in front
 * @param attributes of one moment
 * @param space its ledger; all figures but the size are 0 unless it is a regular file
 * @param cookie its place in the listing of its directory; 0 if it was not listed
 */
public record FileEntry(
    String name, String path, FileAttributes attributes, FileSpace space, long cookie) {}
