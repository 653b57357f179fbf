/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.access.NfsVersion;

/** Compares an array with another server. */
public final class Compare {
  private static final long ARRAY_BYTES = 1L << 30;
  private static final String VOLUME = "compare";
  private static final int MAX_PLAYS_TO_SHRINK = 150;

  private final CompareOptions options;
  private final LongSupplier nanoTime;
  private final AllowedDifferences allowed;

  public Compare(CompareOptions options) {
    this(options, System::nanoTime);
  }

  Compare(CompareOptions options, LongSupplier nanoTime) {
    this.options = options;
    this.nanoTime = nanoTime;
    this.allowed = options.strict() ? AllowedDifferences.none() : AllowedDifferences.shipped();
  }

  /** An array in memory that is compared if no other is named. Its owner closes it. */
  public static FacsimArray startArray() throws IOException {
    return FacsimArray.builder().volume(VOLUME, ARRAY_BYTES).nfsPort(0).portmapPort(0).start();
  }

  /** Where such an array is. */
  public static Address addressOf(FacsimArray array) {
    int port = array.nfsAddress().getPort();
    return new Address(array.nfsAddress(), port, port, "/" + VOLUME);
  }

  /** The notes on all differences that are allowed, for people. */
  public static void printAllowed(PrintWriter out) {
    CompareText.allowed(AllowedDifferences.shipped(), out);
  }

  /**
   * Plays all histories and prints the result.
   *
   * @param json whether {@code out} gets JSON instead of text
   * @return whether no difference was found that nothing allows
   * @throws CompareException if a server does not answer
   */
  public boolean run(Address here, Address there, PrintWriter out, boolean json) {
    List<CompareResult> results = new ArrayList<>();
    for (NfsVersion version : options.versions()) {
      CompareResult result = version(version, here, there);
      results.add(result);
      if (!json) {
        CompareText.result(result, options, out);
        out.flush();
      }
    }
    if (json) {
      out.println(CompareJson.of(results, options, allowed));
    } else {
      CompareText.sum(results, allowed, out);
    }
    out.flush();
    return results.stream().allMatch(CompareResult::isSame);
  }

  private CompareResult version(NfsVersion version, Address here, Address there) {
    try (Side one = side(version, here);
        Side other = side(version, there)) {
      return histories(version, one, other);
    }
  }

  private static Side side(NfsVersion version, Address address) {
    return version == NfsVersion.V3
        ? new Side3(address)
        : new Side4(address, Versions.minor(version));
  }

  /**
   * The seeds of histories. They are mixed: those of two histories that lie a multiple of the
   * generator's own step apart would make the same calls, only shifted.
   *
   * @param first of the first history, which can be played alone by it
   */
  static LongStream seeds(long first) {
    SplittableRandom random = new SplittableRandom(first);
    return LongStream.concat(LongStream.of(first), LongStream.generate(random::nextLong));
  }

  /** Plays the histories of one version on two sides. */
  CompareResult histories(NfsVersion version, Side one, Side other) {
    String run = Long.toHexString(options.seed()) + "-" + Long.toHexString(nanoTime.getAsLong());
    Play play = new Play(version, one, other, allowed, run);
    PrimitiveIterator.OfLong seeds = seeds(options.seed()).iterator();
    long begin = nanoTime.getAsLong();
    List<CompareResult.Failure> failures = new ArrayList<>();
    Map<String, Integer> counts = new TreeMap<>();
    long calls = 0;
    int played = 0;
    while (played < options.histories()
        && (played == 0 || nanoTime.getAsLong() - begin < options.limit().toNanos())) {
      long seed = seeds.nextLong();
      List<Step> history = History.of(version, seed, options.calls());
      Play.Outcome outcome = play.play(history);
      played++;
      calls += outcome.calls();
      outcome.allowedCounts().forEach((id, count) -> counts.merge(id, count, Integer::sum));
      if (!outcome.isSame()) {
        Shrinking.Shortened shortened =
            new Shrinking(play::play, MAX_PLAYS_TO_SHRINK).shrink(history, outcome);
        failures.add(
            new CompareResult.Failure(
                seed, shortened.history(), shortened.outcome().differences()));
      }
    }
    return new CompareResult(version, played, calls, failures, counts, "");
  }
}
