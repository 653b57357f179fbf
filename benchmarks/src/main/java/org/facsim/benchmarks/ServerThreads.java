/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The processor time that a running Facsim has used so far, in clock ticks: of its event loops for
 * NFS, and of all other threads but the JVM's compilers, which work on what was hot a while ago.
 *
 * @param nfs of the threads that serve NFS
 * @param beside of those that do not
 */
record ServerThreads(long nfs, long beside) {
  private static final String NFS_LOOP = "rpc-server-";
  private static final List<String> COMPILERS = List.of("C1 ", "C2 ");

  /** After the name, which ends with the last parenthesis: user time and system time. */
  private static final int USER_FIELD = 11;

  static ServerThreads of(long processId) throws IOException {
    long nfs = 0;
    long beside = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + processId + "/task"))) {
      for (Path thread : threads.toList()) {
        String stat = stat(thread);
        if (stat.isEmpty()) {
          continue;
        }
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[USER_FIELD + 1]);
        if (name.startsWith(NFS_LOOP)) {
          nfs += ticks;
        } else if (COMPILERS.stream().noneMatch(name::startsWith)) {
          beside += ticks;
        }
      }
    }
    return new ServerThreads(nfs, beside);
  }

  /** Empty for a thread that has ended just now. */
  private static String stat(Path thread) throws IOException {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      if (Files.exists(thread)) {
        throw e;
      }
      return "";
    }
  }

  ServerThreads minus(ServerThreads earlier) {
    return new ServerThreads(nfs - earlier.nfs, beside - earlier.beside);
  }

  ServerThreads plus(ServerThreads more) {
    return new ServerThreads(nfs + more.nfs, beside + more.beside);
  }

  /** How much of the server's processor time NFS did not get. */
  double besideShare() {
    return nfs + beside == 0 ? 0 : (double) beside / (nfs + beside);
  }
}
