/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.util.internal.OutOfDirectMemoryError;

/**
 * Handles an {@link Error} on a serving thread: it passes the error to the thread's uncaught
 * exception handler, as if the error had ended the thread. A program that must not go on half alive
 * installs a handler that ends the process. Without one, the JVM prints the error and the thread
 * goes on.
 *
 * <p>Running out of direct memory is not such an error: it ends only the connection that needed the
 * memory.
 */
final class FatalErrors {
  private FatalErrors() {}

  /**
   * Whether direct memory ran out. The JVM and Netty report this in different ways, and the JVM
   * only by its message.
   */
  static boolean isEndOfDirectMemory(Throwable cause) {
    return cause instanceof OutOfDirectMemoryError
        || (cause instanceof OutOfMemoryError
            && String.valueOf(cause.getMessage()).contains("direct"));
  }

  /** Passes a fatal error on; ignores everything else. */
  static void report(Throwable cause) {
    if (cause instanceof Error && !isEndOfDirectMemory(cause)) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }
  }

  /** Wraps a task for an event loop, because the loop would only log what the task throws. */
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
