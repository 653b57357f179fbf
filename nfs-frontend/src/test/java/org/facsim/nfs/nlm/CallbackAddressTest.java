/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nsm.Nsm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients take calls only from the address that they know the server by, and have IPv6 too. */
class CallbackAddressTest {
  private static final InetAddress SECOND = address("127.0.0.3");
  private static final InetAddress CLIENT = address("127.0.0.1");
  private static final InetAddress IPV6 = address("::1");

  @TempDir private Path folder;

  private static InetAddress address(String literal) {
    return IpAddresses.parse(literal).orElseThrow();
  }

  private static void waitForALock(LockDoor door) {
    assertThat(door.exclusive("a")).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.lock(door.lock("b", 0, 0), true, true)).isEqualTo(NlmStatus.BLOCKED);
    door.unlock("a");
  }

  @Test
  void grantsComeFromTheAddressThatTheLockWasAskedAt() {
    try (LockDoor door = new LockDoor(null, SECOND, CLIENT)) {
      waitForALock(door);
      assertThat(door.host.nextCall(Nlm.PROGRAM, Nlm.GRANTED).caller()).isEqualTo(SECOND);
    }
  }

  @Test
  void answersInMessagesDoToo() {
    try (LockDoor door = new LockDoor(null, SECOND, CLIENT)) {
      door.call(
          Nlm.LOCK_MSG,
          new NlmLockArgs(LockDoor.COOKIE, false, true, door.lock("a", 0, 0), false, 1)::encode);
      assertThat(door.host.nextCall(Nlm.PROGRAM, Nlm.LOCK_RES).caller()).isEqualTo(SECOND);
    }
  }

  @Test
  void noticesOfARestartComeFromTheAddressOfBefore() {
    Path list = folder.resolve("hosts");
    try (LockDoor door = new LockDoor(list, SECOND, CLIENT)) {
      assertThat(door.exclusive("a")).isEqualTo(NlmStatus.GRANTED);
    }
    try (LockDoor door = new LockDoor(list, CLIENT, CLIENT)) {
      assertThat(door.host.nextCall(Nsm.PROGRAM, Nsm.NOTIFY).caller()).isEqualTo(SECOND);
    }
  }

  @Test
  void clientsThatCameOverIpv6AreCalled() {
    Path list = folder.resolve("hosts");
    try (LockDoor door = new LockDoor(list, IPV6, IPV6)) {
      waitForALock(door);
      assertThat(door.host.nextGranted().lock().callerName()).isEqualTo("b");
    }
    try (LockDoor door = new LockDoor(list, IPV6, IPV6)) {
      assertThat(door.host.nextCall(Nsm.PROGRAM, Nsm.NOTIFY).caller()).isEqualTo(IPV6);
    }
  }
}
