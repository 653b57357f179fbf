/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

/** A file of a foreign disk. */
public interface VmdkFile {
  long sizeBytes();

  /**
   * Reads exactly that many bytes, all of which are within the file.
   *
   * @throws VmdkFormatException if the file has become shorter
   */
  void read(long offsetBytes, byte[] target, int index, int countBytes);

  /**
   * Reads exactly that many bytes.
   *
   * @param what names the bytes in the message
   * @throws VmdkFormatException if the file ends before
   */
  default byte[] read(String what, long offsetBytes, int countBytes) {
    if (offsetBytes < 0 || offsetBytes > sizeBytes() - countBytes) {
      throw new VmdkFormatException(
          "%s: %d bytes at %d, but the file has only %d"
              .formatted(what, countBytes, offsetBytes, sizeBytes()));
    }
    byte[] bytes = new byte[countBytes];
    read(offsetBytes, bytes, 0, countBytes);
    return bytes;
  }
}
