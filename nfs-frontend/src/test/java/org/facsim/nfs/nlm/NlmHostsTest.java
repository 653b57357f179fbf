/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Inode;
import org.facsim.protocol.net.IpAddresses;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOwner;
import org.facsim.services.state.LockTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names are free: a host with many of them has a share, and others go on locking. */
class NlmHostsTest {
  private static final int MAX_HOSTS = 8;
  private static final InetAddress GREEDY = IpAddresses.parse("192.0.2.1").orElseThrow();
  private static final InetAddress MODEST = IpAddresses.parse("192.0.2.2").orElseThrow();

  @TempDir private Path folder;
  private final LockDoor door = new LockDoor();
  private final LockTable table = door.table;

  @AfterEach
  void close() {
    door.close();
  }

  private static boolean meets(NlmHosts hosts, NlmHost host) {
    return hosts
        .meet(host, null, 1, true, failure -> CompletableFuture.completedFuture(failure == null))
        .join();
  }

  private void lock(NlmHost host, int number) {
    Inode file = door.inode();
    LockOwner owner = new LockOwner(host, number);
    table.lock(file, owner, new ByteRange(number, number), LockMode.EXCLUSIVE);
  }

  @Test
  void namesOfOneAddressThatHoldLocksLeaveRoomForOthers() {
    NlmHosts hosts = new NlmHosts(door.holdings, HostList.inMemory(), MAX_HOSTS);
    int met = 0;
    while (meets(hosts, new NlmHost("name" + met, GREEDY))) {
      lock(new NlmHost("name" + met, GREEDY), met);
      met++;
    }
    assertThat(met).isEqualTo(MAX_HOSTS / 2);
    assertThat(meets(hosts, new NlmHost("name0", GREEDY))).as("one that is known").isTrue();
    assertThat(meets(hosts, new NlmHost("modest", MODEST))).isTrue();
    assertThat(meets(hosts, new NlmHost("modest too", MODEST))).isTrue();
  }

  @Test
  void namesThatHoldNothingGiveWayOnTheListToo() throws Exception {
    Path file = folder.resolve("hosts");
    try (HostList list = HostList.open(file, InstantSource.system())) {
      NlmHosts hosts = new NlmHosts(door.holdings, list, MAX_HOSTS);
      for (int i = 0; i < 50; i++) {
        assertThat(meets(hosts, new NlmHost("name" + i, GREEDY))).isTrue();
      }
      assertThat(meets(hosts, new NlmHost("modest", MODEST))).isTrue();
      assertThat(hosts.known()).hasSizeLessThanOrEqualTo(MAX_HOSTS);
      assertThat(list.hosts()).isSubsetOf(hosts.known());
    }
    assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(MAX_HOSTS + 2);
  }

  /** It is on the list before it holds anything, and must be there when it does. */
  @Test
  void hostsThatAreAboutToLockDoNotGiveWay() throws Exception {
    List<CompletableFuture<Boolean>> locked = new ArrayList<>();
    try (HostList list = HostList.open(folder.resolve("hosts"), InstantSource.system())) {
      NlmHosts hosts = new NlmHosts(door.holdings, list, MAX_HOSTS);
      synchronized (list) { // its writer waits
        for (int i = 0; i <= MAX_HOSTS / 2; i++) {
          NlmHost host = new NlmHost("name" + i, GREEDY);
          int number = i;
          locked.add(
              hosts.meet(
                  host,
                  null,
                  1,
                  true,
                  failure -> {
                    if (failure == null) {
                      lock(host, number);
                    }
                    return CompletableFuture.completedFuture(failure == null);
                  }));
        }
      }
      for (int i = 0; i <= MAX_HOSTS / 2; i++) {
        NlmHost host = new NlmHost("name" + i, GREEDY);
        assertThat(locked.get(i).join()).as("name" + i).isEqualTo(i < MAX_HOSTS / 2);
        assertThat(hosts.known().contains(host)).isEqualTo(i < MAX_HOSTS / 2);
        assertThat(list.hosts().contains(host)).isEqualTo(i < MAX_HOSTS / 2);
      }
    }
  }

  /** A write that fails takes off what it was to put on, and nothing that came since. */
  @Test
  void aFailedWriteTakesNoLaterEntryOffTheList() throws Exception {
    Path file = folder.resolve("hosts");
    Path inTheWay = folder.resolve("hosts.new");
    NlmHost host = new NlmHost("host", GREEDY);
    try (HostList list = HostList.open(file, InstantSource.system())) {
      CompletableFuture<Void> first;
      CompletableFuture<Void> second;
      synchronized (list) { // its writer waits
        Files.createDirectory(inTheWay);
        first = list.add(host, null);
        list.remove(host);
        second = list.add(host, null);
        var unused =
            first.whenComplete(
                (done, failure) -> {
                  if (!inTheWay.toFile().delete()) {
                    throw new AssertionError(inTheWay);
                  }
                });
      }
      assertThat(second.handle((done, failure) -> failure).join()).isNull();
      assertThat(first).isCompletedExceptionally();
      assertThat(list.hosts()).containsExactly(host);
    }
    try (HostList again = HostList.open(file, InstantSource.system())) {
      assertThat(again.hosts()).containsExactly(host);
    }
  }
}
