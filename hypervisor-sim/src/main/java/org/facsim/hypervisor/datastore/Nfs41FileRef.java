/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Arrays;

/** A file of a mount over NFSv4.1. Two of the same handle are the same file. */
final class Nfs41FileRef implements FileRef {
  private final byte[] handle;
  private final long fileId;

  /**
   * @param handle is not copied, and must not be changed
   */
  Nfs41FileRef(byte[] handle, long fileId) {
    this.handle = handle;
    this.fileId = fileId;
  }

  @Override
  public long fileId() {
    return fileId;
  }

  @Override
  public byte[] handleBytes() {
    return handle.clone();
  }

  /** The handle itself, to be sent. */
  byte[] handle() {
    return handle;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Nfs41FileRef ref && Arrays.equals(handle, ref.handle);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(handle);
  }
}
