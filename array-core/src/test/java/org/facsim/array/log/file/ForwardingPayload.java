/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import org.facsim.array.log.PayloadStore;

/** A payload file that is another's; a test changes what it is about. */
public class ForwardingPayload implements PayloadStore {
  private final PayloadStore file;

  public ForwardingPayload(PayloadStore file) {
    this.file = file;
  }

  @Override
  public void write(long slot, ByteBuffer source) {
    file.write(slot, source);
  }

  @Override
  public void read(long offsetBytes, ByteBuffer target) {
    file.read(offsetBytes, target);
  }

  @Override
  public void force() {
    file.force();
  }

  @Override
  public long sizeBytes() {
    return file.sizeBytes();
  }

  @Override
  public void close() {
    file.close();
  }
}
