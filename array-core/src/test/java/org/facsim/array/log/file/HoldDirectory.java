/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.file.Path;
import org.facsim.array.ArrayException;

/** A process that opens a data directory, says how that went, and keeps it until its input ends. */
final class HoldDirectory {
  private HoldDirectory() {}

  public static void main(String[] directory) throws IOException {
    try (DataDirectory home = DataDirectory.open(Path.of(directory[0]))) {
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
