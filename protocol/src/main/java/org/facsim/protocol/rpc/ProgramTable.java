/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.List;

/** The programs that a server offers; several may share a number with versions of their own. */
final class ProgramTable {
  private final RpcProgram[] programs;

  /**
   * The numbers and versions of the programs, kept here because {@link #find} runs for every call
   * and a decorated program would ask the one behind it.
   */
  private final int[] numbers;

  private final int[] lowest;
  private final int[] highest;

  /**
   * @throws IllegalArgumentException if two programs offer the same version of the same number
   */
  ProgramTable(List<RpcProgram> programs) {
    this.programs = programs.toArray(RpcProgram[]::new);
    numbers = programs.stream().mapToInt(RpcProgram::number).toArray();
    lowest = programs.stream().mapToInt(RpcProgram::lowestVersion).toArray();
    highest = programs.stream().mapToInt(RpcProgram::highestVersion).toArray();
    for (int i = 0; i < this.programs.length; i++) {
      for (int j = 0; j < i; j++) {
        requireApart(this.programs[i], this.programs[j]);
      }
    }
  }

  private static void requireApart(RpcProgram a, RpcProgram b) {
    if (a.number() == b.number()
        && a.lowestVersion() <= b.highestVersion()
        && b.lowestVersion() <= a.highestVersion()) {
      throw new IllegalArgumentException(
          "two programs serve the same version of " + Integer.toUnsignedString(a.number()));
    }
  }

  /** The program of this number and version, or null. */
  RpcProgram find(int number, int version) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] == number && version >= lowest[i] && version <= highest[i]) {
        return programs[i];
      }
    }
    return null;
  }

  /** True if some version of the program is served. */
  boolean knows(int number) {
    for (RpcProgram program : programs) {
      if (program.number() == number) {
        return true;
      }
    }
    return false;
  }

  /** The lowest version served of a program that {@link #knows} knows. */
  int lowestVersion(int number) {
    int lowest = Integer.MAX_VALUE;
    for (RpcProgram program : programs) {
      if (program.number() == number) {
        lowest = Math.min(lowest, program.lowestVersion());
      }
    }
    return lowest;
  }

  /** The highest version served of a program that {@link #knows} knows. */
  int highestVersion(int number) {
    int highest = 0;
    for (RpcProgram program : programs) {
      if (program.number() == number) {
        highest = Math.max(highest, program.highestVersion());
      }
    }
    return highest;
  }
}
