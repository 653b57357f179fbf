/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.HashSet;
import java.util.Set;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that no catalog names any more. If one cannot be removed now, that does no harm: it is
 * removed later, or after the next start. The monitor of its user guards it.
 */
final class UnneededFiles {
  private static final Logger LOG = LoggerFactory.getLogger(UnneededFiles.class);

  private final MetadataFiles files;
  private final Set<String> names = new HashSet<>();

  UnneededFiles(MetadataFiles files) {
    this.files = files;
  }

  void add(String name) {
    names.add(name);
  }

  /** Forgets a file, removed or not, because its name is about to be used again. */
  void forget(String name) {
    names.remove(name);
  }

  /** Adds every metadata file that is there, except these. */
  void addAllBut(Set<String> needed) {
    for (String name : files.names()) {
      if (name.startsWith("metadata.") && !needed.contains(name)) {
        names.add(name);
      }
    }
  }

  /** Removes the files that can be removed. */
  void remove() {
    names.removeIf(this::remove);
  }

  private boolean remove(String name) {
    try {
      files.delete(name);
      return true;
    } catch (ArrayException e) {
      LOG.debug("to be removed later: {}", e.getMessage());
      return false;
    }
  }
}
