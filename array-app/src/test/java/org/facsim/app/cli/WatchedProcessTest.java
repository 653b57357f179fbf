/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchedProcessTest {
  private final WatchedProcess.Form form = new WatchedProcess.Form();

  @Test
  void theEndOfAnotherProcessIsNoticed() throws Exception {
    Process other = new ProcessBuilder("sleep", "600").start();
    CountDownLatch ended = new CountDownLatch(1);
    form.convert(Long.toString(other.pid())).whenEnded(ended::countDown);
    assertThat(ended.await(600, TimeUnit.MILLISECONDS)).isFalse();
    other.destroyForcibly();
    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theParentIsTheProcessThatStartedThisOne() {
    assertThat(form.convert("PARENT"))
        .isEqualTo(new WatchedProcess(ProcessHandle.current().parent().orElseThrow(), true));
  }
}
