/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A guest that hangs fails its test in bounded time, whatever comes from it meanwhile. */
@Timeout(60)
class GuestLineTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  /** Says the same line without an end, a thousand times a second. */
  private static final class Chatter extends InputStream {
    private static final byte[] LINE = "nfs: server 10.0.2.2 not responding\n".getBytes(UTF_8);
    private int at;

    @Override
    public int read() {
      if (at == LINE.length) {
        at = 0;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      return LINE[at++];
    }

    @Override
    public int read(byte[] target, int from, int length) {
      if (length == 0) {
        return 0;
      }
      target[from] = (byte) read();
      return 1;
    }
  }

  /** Takes nothing, and lets nobody go on. */
  private static final class Full extends OutputStream {
    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public void write(int value) throws IOException {
      try {
        never.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private static GuestLine line(InputStream from, OutputStream to) {
    return new GuestLine(from, to, () -> "the console's end");
  }

  @Test
  void aScriptEndsWithItsExitCode() {
    InputStream from =
        new ByteArrayInputStream("=facsim ready=\none\ntwo\n=facsim exit 3=\n".getBytes(UTF_8));
    GuestLine line = line(from, new ByteArrayOutputStream());
    line.awaitReady(Duration.ofSeconds(30));
    assertThat(line.run(Duration.ofSeconds(30), "ls")).isEqualTo(new Guest.Output(3, "one\ntwo"));
  }

  @Test
  void linesThatKeepComingDoNotHoldUpTheEnd() {
    GuestLine line = line(new Chatter(), new ByteArrayOutputStream());
    assertThatThrownBy(() -> line.run(SHORT, "umount /mnt"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "took too long: umount /mnt", "not responding", "the console's end");
  }

  @Test
  void aGuestThatReadsNothingDoesNotHoldUpTheEnd() {
    GuestLine line = line(new Chatter(), new Full());
    assertThatThrownBy(() -> line.run(SHORT, "ls"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("took too long: ls", "the console's end");
  }

  @Test
  void theEndOfTheGuestIsSaid() {
    GuestLine line = line(InputStream.nullInputStream(), new ByteArrayOutputStream());
    assertThatThrownBy(() -> line.run(Duration.ofMinutes(5), "ls"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("met the end of the guest: ls", "the console's end");
  }
}
