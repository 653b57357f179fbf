/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.datastore.DatastoreFile;

/**
 * A stretch of a virtual disk that lies in one piece in one file.
 *
 * @param diskOffsetBytes where it starts on the disk
 * @param file the file that holds its bytes
 * @param fileOffsetBytes where it starts in that file
 * @param lengthBytes how long it is
 */
public record Segment(
    long diskOffsetBytes, DatastoreFile file, long fileOffsetBytes, int lengthBytes) {
  /** Whether {@code next} starts where this segment ends, both on the disk and in the file. */
  boolean isContinuedBy(Segment next) {
    return next.file == file
        && next.diskOffsetBytes == diskOffsetBytes + lengthBytes
        && next.fileOffsetBytes == fileOffsetBytes + lengthBytes;
  }
}
