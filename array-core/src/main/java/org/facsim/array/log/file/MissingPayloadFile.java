/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.PayloadStore;

/**
 * Stands for a payload file that somebody removed, so that a check can count what is wrong with the
 * volume. No array serves with it.
 */
record MissingPayloadFile(String name) implements PayloadStore {
  @Override
  public boolean isMissing() {
    return true;
  }

  @Override
  public void write(long slot, ByteBuffer source) {
    throw new ArrayException(ArrayError.IO, name + " is missing");
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) {
    target.put(new byte[target.remaining()]);
  }

  @Override
  public void force() {}

  @Override
  public long sizeBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
