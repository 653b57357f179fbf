/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.concurrent.atomic.AtomicLong;

/** What the unfinished records of all connections of a server hold together. */
final class ReceiveMemory {
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  ReceiveMemory(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Books more, or less; false if it is too much now. */
  boolean move(long byBytes) {
    return bytes.addAndGet(byBytes) <= maxBytes;
  }

  long bytes() {
    return bytes.get();
  }
}
