/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * Where a call in a datagram comes from. Nothing is known of it but the port.
 *
 * @param port the sender's, from 1 to 65535
 */
record DatagramOrigin(int port) implements CallOrigin {
  @Override
  public long id() {
    return -1L - port;
  }

  @Override
  public boolean isGone(CallOrigin later) {
    return false;
  }

  @Override
  public void whenEnded(Runnable task) {
    // this cannot be known
  }
}
