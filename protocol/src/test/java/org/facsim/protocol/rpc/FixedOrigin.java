/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** An origin that is there, or gone, for as long as a test lasts. */
public record FixedOrigin(long id, boolean gone) implements CallOrigin {
  @Override
  public boolean isGone(CallOrigin later) {
    return gone;
  }

  @Override
  public void whenEnded(Runnable task) {
    if (gone) {
      task.run();
    }
  }
}
