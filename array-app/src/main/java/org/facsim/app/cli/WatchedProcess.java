/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Another process whose end ends this one. It is asked for four times a second: a process that is
 * no child of ours tells nobody that it ends.
 *
 * @param process it
 * @param isParent whether it is meant as our parent, which we lose at its end even if nobody
 *     collects it
 */
record WatchedProcess(ProcessHandle process, boolean isParent) {
  private static final String PARENT = "PARENT";
  private static final long PAUSE_MILLIS = 250;

  /** A process id, or {@code PARENT}. */
  static final class Form implements ITypeConverter<WatchedProcess>, ValueForm {
    @Override
    public WatchedProcess convert(String text) {
      if (text.equals(PARENT)) {
        return ProcessHandle.current()
            .parent()
            .map(parent -> new WatchedProcess(parent, true))
            .orElseThrow(() -> wrong(text));
      }
      if (!text.matches("[1-9]\\d{0,9}")) {
        throw wrong(text);
      }
      return ProcessHandle.of(Long.parseLong(text))
          .map(process -> new WatchedProcess(process, false))
          .orElseThrow(() -> wrong(text));
    }

    private TypeConversionException wrong(String text) {
      return new TypeConversionException("'" + text + "' is no process; allowed: " + allowed());
    }

    @Override
    public String allowed() {
      return "the id of a process that runs here, or PARENT";
    }
  }

  /** Runs something once the process has ended. */
  void whenEnded(Runnable end) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (runs()) {
                  TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
              } catch (InterruptedException e) {
                return;
              }
              end.run();
            },
            "facsim-exit-with");
    watch.setDaemon(true);
    watch.start();
  }

  private boolean runs() {
    if (isParent && !ProcessHandle.current().parent().equals(Optional.of(process))) {
      return false;
    }
    return process.isAlive() && !isZombie();
  }

  /** Whether it has ended and only waits to be collected; its line in /proc says so on Linux. */
  private boolean isZombie() {
    try {
      String line = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return line.startsWith("Z", line.lastIndexOf(')') + 2);
    } catch (IOException | RuntimeException e) {
      return false; // no Linux, or it ended this moment, which the next look tells
    }
  }
}
