/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import java.util.ArrayList;
import java.util.List;
import org.facsim.it.NetworkNamespace;

/**
 * A network namespace for a server and a guest that both need fixed ports: a port mapper on 111,
 * locks that are granted by calling the client back.
 *
 * <p>The server has one address and the guest, seen from outside, another. Either side's
 * connections come from its own address, and what the server sends to the guest's on a forwarded
 * port reaches the guest: so both find each other where they expect it, as on a real network. (At
 * {@link Guest#HOST} the guest would see another address of the server than the server itself does,
 * and neither grants nor the news of a restart would be believed.)
 */
final class GuestNetwork implements AutoCloseable {
  static final String SERVER = "10.78.0.1";
  private static final String GUEST = "10.78.0.2";

  private static final String SET_UP =
      """
      ip address add %1$s/32 dev lo &&
      ip address add %2$s/32 dev lo &&
      ip route replace local %1$s dev lo table local src %2$s &&
      ip route replace local %2$s dev lo table local src %1$s
      """
          .formatted(SERVER, GUEST);

  private final NetworkNamespace namespace = NetworkNamespace.create(SET_UP);

  /** What a program is started by to run in it. */
  List<String> prefix() {
    return namespace.prefix();
  }

  /** Rules for {@link Guest#boot} that carry the server's calls to the guest. */
  static List<String> forwards(int... ports) {
    List<String> forwards = new ArrayList<>();
    for (int port : ports) {
      for (String protocol : List.of("tcp", "udp")) {
        forwards.add("%1$s:%2$s:%3$d-:%3$d".formatted(protocol, GUEST, port));
      }
    }
    return forwards;
  }

  @Override
  public void close() {
    namespace.close();
  }
}
