/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A control group of our own, in which the kernel counts threads. Root's processes know no other
 * limit of threads.
 */
final class ThreadLimit implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private static final int STEADY_LOOKS = 30;
  private static final int LOOK_MILLIS = 100;

  private final Path group;

  private ThreadLimit(Path group) {
    this.group = group;
  }

  /** One without a limit yet; empty where the host lets us make none. */
  static Optional<ThreadLimit> make() {
    for (Path parent : List.of(ROOT.resolve("pids"), ROOT)) {
      Path group = parent.resolve("facsim-it-" + UUID.randomUUID());
      try {
        if (Files.isWritable(parent)) {
          Files.createDirectory(group);
          if (Files.isWritable(group.resolve("pids.max"))) {
            return Optional.of(new ThreadLimit(group));
          }
          Files.delete(group);
        }
      } catch (IOException e) {
        // not here
      }
    }
    return Optional.empty();
  }

  /** What runs a program in the group. */
  List<String> prefix() {
    String enter = "echo $$ >" + group.resolve("cgroup.procs") + " && exec \"$@\"";
    return List.of("sh", "-c", enter, "sh");
  }

  /** Threads that only the start needs end after it, and would leave room for others. */
  void awaitSteady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    long seen = -1;
    for (int same = 0; same < STEADY_LOOKS && System.nanoTime() < deadline; same++) {
      long current = current();
      if (current != seen) {
        seen = current;
        same = 0;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private long current() throws IOException {
    return Long.parseLong(Files.readString(group.resolve("pids.current")).strip());
  }

  /** As many threads as there are now, and some more, are the limit. */
  void limitToThoseThereAnd(int more) throws IOException {
    Files.writeString(group.resolve("pids.max"), Long.toString(current() + more));
  }

  void lift() throws IOException {
    Files.writeString(group.resolve("pids.max"), "max");
  }

  @Override
  public void close() throws IOException {
    Files.delete(group);
  }
}
