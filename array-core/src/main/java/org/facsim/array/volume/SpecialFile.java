/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;

/** What kind of special file a new one is: a device, socket or FIFO. */
public record SpecialFile(FileType type, int deviceMajor, int deviceMinor) {
  public SpecialFile {
    switch (type) {
      case BLOCK_DEVICE, CHARACTER_DEVICE -> {}
      case SOCKET, FIFO -> {
        if (deviceMajor != 0 || deviceMinor != 0) {
          throw new ArrayException(
              ArrayError.INVALID_ARGUMENT, type + " with a device number, must be 0");
        }
      }
      case REGULAR, DIRECTORY, SYMBOLIC_LINK ->
          throw new ArrayException(ArrayError.INVALID_ARGUMENT, type + " is no special file");
    }
  }

  static SpecialFile of(FileAttributes attributes) {
    return new SpecialFile(attributes.type(), attributes.deviceMajor(), attributes.deviceMinor());
  }

  private boolean isDevice() {
    return type == FileType.BLOCK_DEVICE || type == FileType.CHARACTER_DEVICE;
  }

  /** Checks that only root makes devices. @throws ArrayException NOT_PERMITTED */
  void requireAllowed(Caller caller) {
    if (isDevice() && !caller.isRoot()) {
      throw new ArrayException(ArrayError.NOT_PERMITTED, "only root makes devices");
    }
  }

  InodeFactory.Seed seed() {
    return new InodeFactory.Seed(type, null, 0, deviceMajor, deviceMinor);
  }
}
