/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;

/**
 * A part of a directory, in the order of its cookies.
 *
 * @param path of the directory below the volume; empty for the root
 * @param entries what is in it
 * @param isComplete whether nothing follows
 */
public record FileListing(String path, List<FileEntry> entries, boolean isComplete) {
  public FileListing {
    entries = List.copyOf(entries);
  }
}
