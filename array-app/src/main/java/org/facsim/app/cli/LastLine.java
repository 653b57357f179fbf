/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Ends the process when a thread has ended that should not: an array that lives on without its
 * committer, its reclaimer or an event loop is worse than none, because nobody starts it again. One
 * line on stderr, exit code {@value #EXIT_CODE}, no shutdown hooks, which may need what is broken.
 *
 * <p>What is left afterwards is what a crash leaves. Installed by the program, never by the
 * library.
 */
final class LastLine implements Thread.UncaughtExceptionHandler {
  /** The same as the JVM's own for a heap that is full (ExitOnOutOfMemoryError). */
  static final int EXIT_CODE = 3;

  /** Made before there is need of it: there may be no memory to make a line then. */
  private static final byte[] WITHOUT_MEMORY =
      "facsim: ended by a fatal error: out of memory; raise -Xmx\n".getBytes(UTF_8);

  private final Consumer<byte[]> out;
  private final Runnable end;

  LastLine(Consumer<byte[]> out, Runnable end) {
    this.out = out;
    this.end = end;
  }

  /** Of this process, for all threads from now on. */
  static LastLine install() {
    FileOutputStream stderr = new FileOutputStream(FileDescriptor.err);
    LastLine lastLine =
        new LastLine(
            line -> {
              try {
                stderr.write(line);
              } catch (IOException e) {
                // nobody listens; the exit code says it
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

  /** Ends the process for a reason that no exception tells. */
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
