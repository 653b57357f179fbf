/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.Set;

/**
 * The files of a data directory that hold metadata, by name. Changes of names are durable only
 * after {@link #forceNames}. After a crash before it, the first few of the changes may be there, in
 * order.
 */
interface MetadataFiles {
  /**
   * Opens a file for reading and writing, and makes it if it is not there.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO
   */
  MetadataFile open(String name);

  /** Whether nothing can be changed, because files are opened for reading only. */
  default boolean isReadOnly() {
    return false;
  }

  boolean exists(String name);

  Set<String> names();

  /** Gives a file another name, and replaces the file that had it. */
  void rename(String from, String to);

  /** Removes a file. Does nothing if it is not there. */
  void delete(String name);

  void forceNames();
}
