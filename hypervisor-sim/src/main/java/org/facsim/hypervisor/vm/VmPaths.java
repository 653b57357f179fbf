/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayDeque;
import java.util.Deque;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;

/**
 * Names of files as a VM's own files give them: in the same directory, or, for the parent of a
 * linked clone, as {@code ../other/other.vmdk}.
 */
final class VmPaths {
  private VmPaths() {}

  /** The path of a file, relative to the datastore. */
  static String resolve(String directory, String name) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : Datastore.join(directory, name).split("/", -1)) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          throw new DatastoreException(
              DatastoreError.DAMAGED, "%s: leads out of the datastore".formatted(name));
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** The name of a file as another file in a directory gives it. */
  static String relative(String directory, String path) {
    String own = directory.isEmpty() ? "" : directory + "/";
    if (path.startsWith(own)) {
      return path.substring(own.length());
    }
    return "../".repeat(directory.split("/", -1).length) + path;
  }
}
