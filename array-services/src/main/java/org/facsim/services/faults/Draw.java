/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

/**
 * What looks like chance in the rules: a hash of the rule's seed and of how many calls have matched
 * it so far, and so the same for the same calls, on whatever thread and at whatever time they come.
 */
final class Draw {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  /** What a draw is for, so that one call's draws are independent of each other. */
  enum Purpose {
    PROBABILITY(1),
    JITTER(2),
    MISTAKE(3);

    private final long salt;

    Purpose(long salt) {
      this.salt = salt;
    }
  }

  private Draw() {}

  /** 64 bits. */
  static long bits(long seed, long call, Purpose purpose) {
    return mix(mix(seed + GOLDEN * call) ^ mix(purpose.salt));
  }

  /** From 0, inclusive, to 1, exclusive. */
  static double fraction(long seed, long call, Purpose purpose) {
    return (bits(seed, call, purpose) >>> 11) * 0x1.0p-53;
  }

  /** A seed of its own for each of several. */
  static long seedOf(long seed, long index) {
    return mix(seed ^ mix(index + GOLDEN));
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }
}
