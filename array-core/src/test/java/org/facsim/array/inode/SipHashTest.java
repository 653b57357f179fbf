/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SipHashTest {
  /** The vector for 16 bytes of the authors' reference implementation. */
  @Test
  void agreesWithThePublishedVector() {
    long hash =
        SipHash.hash(
            0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    assertThat(hash).isEqualTo(0x3f2acc7f57c29bdbL);
  }

  @Test
  void agreesWithAnIndependentImplementation() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 1000; i++) {
      long key0 = random.nextLong();
      long key1 = random.nextLong();
      long word0 = random.nextLong();
      long word1 = random.nextLong();
      long expected =
          Hashing.sipHash24(key0, key1).newHasher().putLong(word0).putLong(word1).hash().asLong();
      assertThat(SipHash.hash(key0, key1, word0, word1)).isEqualTo(expected);
    }
  }
}
