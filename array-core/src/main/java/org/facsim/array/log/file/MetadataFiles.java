/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.Set;

/**
 * The files of a data directory that hold metadata, by name. Which names there are is durable only
 * after {@link #forceNames}; after a crash before it, the changes of names may be there up to any
 * one of them, in order.
 */
interface MetadataFiles {
  /**
   * Opens a file for reading and writing, made if it is not there.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO
   */
  MetadataFile open(String name);

  /** Whether nothing can be changed: files that are there are opened for reading only. */
  default boolean isReadOnly() {
    return false;
  }

  boolean exists(String name);

  Set<String> names();

  /** Gives a file another name, in place of the one that had it. */
  void rename(String from, String to);

  /** Does nothing if it is not there. */
  void delete(String name);

  void forceNames();
}
