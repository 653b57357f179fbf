/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.datastore.DatastoreFile;

/**
 * A stretch of a virtual disk that lies in one piece in one file.
 *
 * @param diskOffsetBytes where it is on the disk
 * @param file where its bytes are
 * @param fileOffsetBytes where in that file
 * @param lengthBytes how long it is
 */
public record Segment(
    long diskOffsetBytes, DatastoreFile file, long fileOffsetBytes, int lengthBytes) {
  /** Whether {@code next} goes on where this ends, on the disk and in the file. */
  boolean isContinuedBy(Segment next) {
    return next.file == file
        && next.diskOffsetBytes == diskOffsetBytes + lengthBytes
        && next.fileOffsetBytes == fileOffsetBytes + lengthBytes;
  }
}
