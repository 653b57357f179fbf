/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.facsim.app.cli.CollectorWatch.Look;
import org.junit.jupiter.api.Test;

/** When the process has to end, and what it says then. */
class LastLineTest {
  private static final long MAX_BYTES = 1000;

  private final List<String> said = new ArrayList<>();
  private final LastLine lastLine =
      new LastLine(line -> said.add(new String(line, UTF_8)), () -> said.add("END"));
  private final CollectorWatch watch = new CollectorWatch(lastLine::end);

  @Test
  void anUncaughtErrorIsOneLineAndTheEnd() throws Exception {
    Thread thread =
        new Thread(
            () -> {
              throw new StackOverflowError("on\npurpose");
            },
            "committer");
    thread.setUncaughtExceptionHandler(lastLine);
    thread.start();
    thread.join();
    assertThat(said)
        .containsExactly(
            "facsim: ended by a fatal error in thread committer:"
                + " java.lang.StackOverflowError: on purpose\n",
            "END");
  }

  @Test
  void theProcessEndsEvenIfTheLineCannotBeWritten() {
    LastLine mute =
        new LastLine(
            line -> {
              throw new IllegalStateException("no stderr");
            },
            () -> said.add("END"));
    try {
      mute.uncaughtException(Thread.currentThread(), new OutOfMemoryError());
    } catch (IllegalStateException e) {
      said.add("thrown");
    }
    assertThat(said).containsExactly("END", "thrown");
  }

  private void look(int second, long collectedMillis, long collections, long usedBytes) {
    watch.look(new Look(second * 1000L, collectedMillis, collections, usedBytes, MAX_BYTES));
  }

  @Test
  void aHeapThatIsFullAndCollectedBackToBackIsTheEnd() {
    for (int second = 0; second < CollectorWatch.WINDOW_SECONDS; second++) {
      look(second, 990L * second, second, 990);
      assertThat(said).isEmpty();
    }
    int last = CollectorWatch.WINDOW_SECONDS;
    look(last, 990L * last, last, 990);
    assertThat(said).hasSize(2).first().asString().contains("raise -Xmx");
  }

  @Test
  void neitherABusyCollectorNorAFullHeapNorOneLongCollectionIsTheEnd() {
    CollectorWatch busy = new CollectorWatch(lastLine::end);
    CollectorWatch full = new CollectorWatch(lastLine::end);
    CollectorWatch once = new CollectorWatch(lastLine::end);
    for (int second = 0; second < 50; second++) {
      busy.look(new Look(second * 1000L, second * 990L, second, 900, MAX_BYTES));
      full.look(new Look(second * 1000L, second * 900L, second, 999, MAX_BYTES));
      once.look(new Look(second * 1000L, second * 1000L, 1, 999, MAX_BYTES));
    }
    assertThat(said).isEmpty();
  }
}
