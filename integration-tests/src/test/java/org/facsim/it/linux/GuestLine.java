/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The serial line that takes scripts into a guest and returns what they print. Whatever the guest
 * does or does not do, a call ends when its time is over, and its failure has the last lines of the
 * console. Not thread-safe.
 */
final class GuestLine {
  private static final String READY = "=facsim ready=";
  private static final Pattern EXIT = Pattern.compile("=facsim exit (\\d+)=");

  /** Stands for the end of the guest's output. */
  private static final String GONE = "\0gone";

  /** The most of a script's output that is kept; of more, the rest is left out. */
  private static final int MAX_TEXT_CHARS = 4 << 20;

  private final OutputStream toGuest;
  private final Supplier<String> consoleTail;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  GuestLine(InputStream fromGuest, OutputStream toGuest, Supplier<String> consoleTail) {
    this.toGuest = toGuest;
    this.consoleTail = consoleTail;
    start("guest-output", () -> readLines(fromGuest));
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  void awaitReady(Duration limit) {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    while (!nextLine(deadlineNanos, "boot").contains(READY)) {
      // what the serial line said before
    }
  }

  /** As {@link Guest#run}. */
  Guest.Output run(Duration limit, String script) {
    // a guest that reads nothing would keep the writer for ever
    start("guest-input", () -> send(script));
    StringBuilder text = new StringBuilder();
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    while (true) {
      String line = nextLine(deadlineNanos, script + "\nprinted so far:\n" + text);
      Matcher exit = EXIT.matcher(line);
      if (exit.matches()) {
        return new Guest.Output(Integer.parseInt(exit.group(1)), text.toString().strip());
      }
      if (text.length() < MAX_TEXT_CHARS) {
        text.append(line).append('\n');
      }
    }
  }

  private void send(String script) {
    try {
      toGuest.write(
          (Base64.getEncoder().encodeToString(script.getBytes(UTF_8)) + "\n").getBytes(UTF_8));
      toGuest.flush();
    } catch (IOException e) {
      lines.add(GONE);
    }
  }

  private String nextLine(long deadlineNanos, String what) {
    try {
      // also while lines keep coming
      long leftNanos = deadlineNanos - System.nanoTime();
      String line = leftNanos <= 0 ? null : lines.poll(leftNanos, TimeUnit.NANOSECONDS);
      if (line == null || line.equals(GONE)) {
        String why = line == null ? "took too long" : "met the end of the guest";
        throw new AssertionError(why + ": " + what + "\nconsole:\n" + consoleTail.get());
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private void readLines(InputStream fromGuest) {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(fromGuest, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // the process was ended
    }
    lines.add(GONE);
  }
}
