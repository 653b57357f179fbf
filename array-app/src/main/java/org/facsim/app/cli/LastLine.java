/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Ends the process when a thread dies that should not. An array that goes on without its committer,
 * its reclaimer or an event loop is worse than no array, because nobody restarts it. The process
 * prints one line on stderr and ends with exit code {@value #EXIT_CODE}. It runs no shutdown hooks,
 * because these may need what is broken.
 *
 * <p>It leaves what a crash leaves. The program installs this handler; the library never does.
 */
final class LastLine implements Thread.UncaughtExceptionHandler {
  /** The same code as the JVM's own for a full heap (ExitOnOutOfMemoryError). */
  static final int EXIT_CODE = 3;

  /** Made in advance, because there may be no memory for it when it is needed. */
  private static final byte[] WITHOUT_MEMORY =
      "facsim: ended by a fatal error: out of memory; raise -Xmx\n".getBytes(UTF_8);

  private final Consumer<byte[]> out;
  private final Runnable end;

  LastLine(Consumer<byte[]> out, Runnable end) {
    this.out = out;
    this.end = end;
  }

  /** Installs the handler for all threads of this process. */
  static LastLine install() {
    FileOutputStream stderr = new FileOutputStream(FileDescriptor.err);
    LastLine lastLine =
        new LastLine(
            line -> {
              try {
                stderr.write(line);
              } catch (IOException e) {
                // nobody reads stderr; the exit code tells
              }
            },
            () -> Runtime.getRuntime().halt(EXIT_CODE));
    Thread.setDefaultUncaughtExceptionHandler(lastLine);
    return lastLine;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable cause) {
    try {
      say("a fatal error in thread " + thread.getName() + ": " + cause);
    } finally {
      end.run();
    }
  }

  /** Ends the process for a reason that is not an exception. */
  void end(String reason) {
    try {
      say(reason);
    } finally {
      end.run();
    }
  }

  private void say(String reason) {
    byte[] line;
    try {
      line = ("facsim: ended by " + reason.replace('\n', ' ') + "\n").getBytes(UTF_8);
    } catch (OutOfMemoryError e) {
      line = WITHOUT_MEMORY;
    }
    out.accept(line);
  }
}
