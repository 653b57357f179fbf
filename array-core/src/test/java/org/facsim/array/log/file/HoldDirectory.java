/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.file.Path;
import org.facsim.array.ArrayException;

/** A process that opens a data directory, says how that went, and keeps it until its input ends. */
final class HoldDirectory {
  private HoldDirectory() {}

  /** As the second argument: it only looks. */
  static final String LOOK = "look";

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    boolean looks = arguments.length > 1 && arguments[1].equals(LOOK);
    try (DataDirectory home =
        looks ? DataDirectory.openExisting(directory) : DataDirectory.open(directory)) {
      System.out.println("open " + ProcessHandle.current().pid());
      while (System.in.read() >= 0) {
        System.out.flush();
      }
      home.metadata();
    } catch (ArrayException e) {
      System.out.println(e.error() + " " + e.getMessage());
    }
  }
}
