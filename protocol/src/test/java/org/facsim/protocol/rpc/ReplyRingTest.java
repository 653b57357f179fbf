/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyRingTest {
  private static final CallOrigin HERE = new FixedOrigin(1, false);

  private final CallOrigins origins = new CallOrigins();

  private static DuplicateRequestCache.Key key(int xid) {
    return new DuplicateRequestCache.Key(
        InetAddress.getLoopbackAddress(), "esx-1", 0, 0, xid, 3, 8, 64, xid * 31);
  }

  private static InetAddress address(String name) throws UnknownHostException {
    return InetAddress.getByName(name);
  }

  private static byte[] results(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void findsNothingBeforeThereIsSomething() {
    assertThat(new ReplyRing(4096).find(key(1), 0, HERE, origins)).isNull();
  }

  @Test
  void anythingThatDiffersMakesAnotherCall() throws Exception {
    InetAddress v4 = address("192.0.2.7");
    List<DuplicateRequestCache.Key> keys =
        List.of(
            new DuplicateRequestCache.Key(v4, "a", 1, 2, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(address("192.0.2.8"), "a", 1, 2, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(address("2001:db8::7"), "a", 1, 2, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "b", 1, 2, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "", 1, 2, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "\u00e4\u4f60", 1, 2, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "n".repeat(255), 1, 2, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "a", -1, 2, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "a", 1, -1, 3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "a", 1, 2, -3, 4, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "a", 1, 2, 3, 5, 5, 6, 7),
            new DuplicateRequestCache.Key(v4, "a", 1, 2, 3, 4, 6, 6, 7),
            new DuplicateRequestCache.Key(v4, "a", 1, 2, 3, 4, 5, 7, 7),
            new DuplicateRequestCache.Key(v4, "a", 1, 2, 3, 4, 5, 6, -7));
    ReplyRing ring = new ReplyRing(64 << 10);
    for (int i = 0; i < keys.size(); i++) {
      assertThat(ring.find(keys.get(i), 0, HERE, origins)).as("%s before", keys.get(i)).isNull();
      ring.add(keys.get(i), HERE.id(), 0, results(i, i));
    }
    for (int i = 0; i < keys.size(); i++) {
      assertThat(ring.find(keys.get(i), 0, HERE, origins))
          .as("%s", keys.get(i))
          .isEqualTo(results(i, i));
    }
  }

  @Test
  void whatIsTooOldIsNotFoundAndWhatIsAsOldAsAllowedIs() {
    ReplyRing ring = new ReplyRing(4096);
    ring.add(key(1), HERE.id(), 100, results(1, 10));
    assertThat(ring.find(key(1), 100, HERE, origins)).isEqualTo(results(1, 10));
    assertThat(ring.find(key(1), 101, HERE, origins)).isNull();
    ring.add(key(1), HERE.id(), 200, results(2, 10));
    assertThat(ring.find(key(1), 101, HERE, origins)).as("the newer one").isEqualTo(results(2, 10));
  }

  @Test
  void equalCallsOfConnectionsThatAreAllThereAreNotTheSame() {
    CallOrigin there = new FixedOrigin(2, false);
    CallOrigin gone = new FixedOrigin(3, true);
    origins.note(HERE);
    origins.note(there);
    ReplyRing ring = new ReplyRing(4096);
    ring.add(key(1), HERE.id(), 100, results(1, 10));
    assertThat(ring.find(key(1), 0, there, origins)).isNull();
    ring.add(key(1), there.id(), 100, results(2, 10));
    assertThat(ring.find(key(1), 0, there, origins)).isEqualTo(results(2, 10));
    assertThat(ring.find(key(1), 0, HERE, origins)).as("behind it").isEqualTo(results(1, 10));
    CallOrigin third = new FixedOrigin(4, false);
    assertThat(ring.find(key(1), 0, third, origins)).isNull();
    ring.add(key(1), gone.id(), 100, results(3, 10));
    assertThat(ring.find(key(1), 0, third, origins)).isEqualTo(results(3, 10));
  }

  @Test
  void whatDoesNotFitIsNotKeptAndDisplacesNothing() {
    ReplyRing ring = new ReplyRing(1024);
    ring.add(key(1), HERE.id(), 0, results(1, 100));
    ring.add(key(2), HERE.id(), 0, results(2, 1024));
    assertThat(ring.find(key(2), 0, HERE, origins)).isNull();
    assertThat(ring.find(key(1), 0, HERE, origins)).isEqualTo(results(1, 100));
  }

  @Test
  void oneAnswerMayTakeAllOfIt() {
    ReplyRing ring = new ReplyRing(1024);
    int overheadBytes = 72 + 4 + 2 * "esx-1".length();
    for (int xid = 0; xid < 5; xid++) {
      ring.add(key(xid), HERE.id(), 0, results(xid, 1024 - overheadBytes));
      assertThat(ring.usedBytes()).isEqualTo(1024);
      assertThat(ring.find(key(xid), 0, HERE, origins))
          .isEqualTo(results(xid, 1024 - overheadBytes));
      assertThat(ring.find(key(xid - 1), 0, HERE, origins)).isNull();
    }
  }

  /** Beside a list: the newest answers are all there, and the oldest leave one by one. */
  @ParameterizedTest
  @ValueSource(ints = {512, 1000, 4096, 65_536})
  void keepsTheNewest(int capacityBytes) {
    record Kept(DuplicateRequestCache.Key key, ByteBuffer results) {}
    Random random = new Random(capacityBytes);
    ReplyRing ring = new ReplyRing(capacityBytes);
    Deque<Kept> all = new ArrayDeque<>();
    for (int xid = 0; xid < 20_000; xid++) {
      byte[] results = results(xid, random.nextInt(Math.min(400, capacityBytes / 3)));
      ring.add(key(xid), HERE.id(), xid, results);
      all.addFirst(new Kept(key(xid), ByteBuffer.wrap(results)));
      assertThat(ring.usedBytes()).isLessThanOrEqualTo(capacityBytes);
      if (xid % 97 == 0 || xid < 100) {
        List<Boolean> found = new ArrayList<>();
        for (Kept kept : all) {
          byte[] there = ring.find(kept.key(), 0, HERE, origins);
          found.add(there != null);
          if (there != null) {
            assertThat(ByteBuffer.wrap(there)).isEqualTo(kept.results());
          }
        }
        int count = found.lastIndexOf(true) + 1;
        assertThat(count).isPositive();
        assertThat(found.subList(0, count)).as("no gap among the newest").doesNotContain(false);
        while (all.size() > count) {
          all.removeLast();
        }
      }
    }
  }
}
