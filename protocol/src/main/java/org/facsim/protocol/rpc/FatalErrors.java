/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.util.internal.OutOfDirectMemoryError;

/**
 * What to do with an {@link Error} on a thread that serves: hand it to the thread's uncaught
 * exception handler, as if it had ended the thread. A program that must not live on half alive has
 * set one that ends the process; where nobody has, the JVM prints it and the thread goes on.
 *
 * <p>The end of direct memory is no such error: it costs the connection that needed the memory.
 */
final class FatalErrors {
  private FatalErrors() {}

  /** The JVM and Netty say it in different ways, and the JVM only by its text. */
  static boolean isEndOfDirectMemory(Throwable cause) {
    return cause instanceof OutOfDirectMemoryError
        || (cause instanceof OutOfMemoryError
            && String.valueOf(cause.getMessage()).contains("direct"));
  }

  /** Hands a fatal error on; does nothing with anything else. */
  static void report(Throwable cause) {
    if (cause instanceof Error && !isEndOfDirectMemory(cause)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }
  }

  /** A task for an event loop, which would only log what the task throws. */
  static Runnable reporting(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (Error e) {
        report(e);
        throw e;
      }
    };
  }
}
