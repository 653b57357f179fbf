/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import java.util.List;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalPage;

/** An array with what it had at the start. One test at a time may use it. */
final class ArrayOfTest implements AutoCloseable {
  /** How many calls a failed test prints. */
  private static final int PRINTED_CALLS = 40;

  private final FacsimArray array;
  private final ArrayWish wish;
  private boolean isUsed;
  private Observation observation;

  ArrayOfTest(FacsimArray array, ArrayWish wish) {
    this.array = array;
    this.wish = wish;
    if (wish.lifetime() == ArrayLifetime.PER_CLASS) {
      array.keepAsStart();
    }
    observation = Observation.of(array);
  }

  FacsimArray array() {
    return array;
  }

  /** What happens from the beginning of the test on. */
  Observation observation() {
    return observation;
  }

  /** A test begins. */
  void begin() {
    if (isUsed) {
      array.reset();
      wish.addFaults(array);
      observation = Observation.of(array);
    }
    isUsed = true;
  }

  /** The test failed: prints the seed and the last calls on the standard error. */
  void tellWhatHappened(String test) {
    StringBuilder text = new StringBuilder();
    text.append("The array of ")
        .append(test)
        .append(" had the seed ")
        .append(wish.seed())
        .append(".\n");
    List<JournalEntry> calls = lastCalls();
    if (!calls.isEmpty()) {
      text.append("Its last calls:\n");
      calls.forEach(call -> text.append("  ").append(call).append('\n'));
    }
    System.err.print(text);
  }

  private List<JournalEntry> lastCalls() {
    if (array.journal().status().entries() == 0) {
      return List.of();
    }
    JournalPage page = array.journal().latest(CallFilter.calls(), PRINTED_CALLS);
    return page.entries();
  }

  @Override
  public void close() {
    array.close();
  }
}
