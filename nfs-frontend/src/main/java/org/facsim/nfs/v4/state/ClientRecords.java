/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which clients may reclaim after a restart, on stable storage: RFC 8881 section 8.4.2.1.
 *
 * <p>One small text file, replaced whole: written beside, forced, renamed. A crash leaves the old
 * one or the new one. A client is in it before it is told that it holds something, and leaves it
 * when it has held nothing for a lease. Clients of the run before stay in it until the grace period
 * is over; those that have not reclaimed by then leave it, because another client may have got what
 * they held.
 *
 * <p>All clients that come while one version is written are in the next one together, so ten
 * thousand clients cost some tens of versions. Thread-safe.
 */
final class ClientRecords {
  /** The most clients that are read. */
  static final int MAX_CLIENTS = 1 << 16;

  private static final Logger LOG = LoggerFactory.getLogger(ClientRecords.class);
  private static final String FIRST_LINE = "facsim-nfs4-clients 2";

  /** Of the format that had no principals. */
  private static final String OLD_FIRST_LINE = "facsim-nfs4-clients 1";

  private static final String WITH_SESSIONS = "4.1 ";
  private static final String WITHOUT_SESSIONS = "4.0 ";
  private static final int CLOSE_TIMEOUT_SECONDS = 5;

  /** A client's place. */
  static final class Entry {
    private final CompletableFuture<Void> stable = new CompletableFuture<>();

    /** Completes when it is on stable storage; fails if it cannot be stored. */
    CompletableFuture<Void> stable() {
      return stable;
    }
  }

  private final Path file;
  private final ExecutorService writer;
  private final Map<Claimant, Entry> now = new LinkedHashMap<>();
  private final Set<Claimant> before;

  /** Those that wait for the next version. */
  private List<Entry> waiting = new ArrayList<>();

  private boolean isScheduled;

  private ClientRecords(Path file, Set<Claimant> before) {
    this.file = file;
    this.before = new HashSet<>(before);
    writer =
        file == null
            ? null
            : Executors.newSingleThreadExecutor(
                task -> {
                  Thread thread = new Thread(task, "nfs4-clients");
                  thread.setDaemon(true);
                  return thread;
                });
    if (writer != null) {
      writer.execute(() -> {}); // its thread now: later the operating system may have none left
    }
  }

  static ClientRecords inMemory(Set<Claimant> before) {
    return new ClientRecords(null, before);
  }

  /** Reads what the last run left. A file that cannot be read is logged and counts as empty. */
  static ClientRecords open(Path file) {
    Set<Claimant> before = new HashSet<>();
    if (Files.exists(file)) {
      try {
        read(Files.readAllLines(file, UTF_8), before);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("{} is damaged, no NFSv4 client can reclaim: {}", file, e.getMessage());
        before.clear();
      }
    }
    return new ClientRecords(file, before);
  }

  private static void read(List<String> lines, Set<Claimant> clients) throws IOException {
    boolean isOld = !lines.isEmpty() && lines.get(0).equals(OLD_FIRST_LINE);
    if (lines.isEmpty()
        || !(isOld || lines.get(0).equals(FIRST_LINE))
        || lines.size() > MAX_CLIENTS + 1) {
      throw new IOException("not a list of clients");
    }
    for (String line : lines.subList(1, lines.size())) {
      boolean hasSessions = line.startsWith(WITH_SESSIONS);
      if (!hasSessions && !line.startsWith(WITHOUT_SESSIONS)) {
        throw new IOException("line '" + line + "'");
      }
      String[] parts = line.substring(WITH_SESSIONS.length()).split(" ", -1);
      if (parts.length != (isOld ? 1 : 2)) {
        throw new IOException("line '" + line + "'");
      }
      byte[] owner = Base64.getDecoder().decode(parts[0]);
      String principal =
          isOld ? Claimant.ANY : new String(Base64.getDecoder().decode(parts[1]), UTF_8);
      clients.add(new Claimant(new Client4.Name(hasSessions, new Bytes(owner)), principal));
    }
  }

  /** The clients of the run before, as long as they may reclaim. */
  synchronized Set<Claimant> earlier() {
    return Set.copyOf(before);
  }

  /** A client is about to hold something. */
  Entry add(Claimant client) {
    Entry entry;
    synchronized (this) {
      entry = now.get(client);
      if (entry != null) {
        return entry;
      }
      entry = new Entry();
      now.put(client, entry);
      if (file == null || before.contains(client)) {
        entry.stable.complete(null);
      } else {
        waiting.add(entry);
      }
    }
    schedule();
    return entry;
  }

  /** A client holds nothing any more. */
  void remove(Claimant client) {
    synchronized (this) {
      if (now.remove(client) == null) {
        return;
      }
    }
    schedule();
  }

  /** Those that have not reclaimed cannot any more. */
  void graceIsOver() {
    synchronized (this) {
      if (before.isEmpty()) {
        return;
      }
      before.clear();
    }
    schedule();
  }

  private void schedule() {
    synchronized (this) {
      if (file == null || isScheduled) {
        return;
      }
      isScheduled = true;
    }
    try {
      writer.execute(this::write);
    } catch (RejectedExecutionException closed) {
      fail(takeWaiting(), closed);
    }
  }

  private synchronized List<Entry> takeWaiting() {
    List<Entry> taken = waiting;
    waiting = new ArrayList<>();
    isScheduled = false;
    return taken;
  }

  private void write() {
    List<Entry> written;
    String text;
    synchronized (this) {
      written = takeWaiting();
      Set<Claimant> all = new HashSet<>(before);
      all.addAll(now.keySet());
      text = text(all);
    }
    try {
      replace(text);
      written.forEach(entry -> entry.stable.complete(null));
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot write {}: {}", file, e.toString());
      fail(written, e);
    }
  }

  private void fail(List<Entry> entries, Exception why) {
    synchronized (this) {
      now.values().removeAll(entries); // the next attempt of the client tries again
    }
    entries.forEach(entry -> entry.stable.completeExceptionally(why));
  }

  private static String text(Set<Claimant> clients) {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    Base64.Encoder encoder = Base64.getEncoder();
    for (Claimant client : clients) {
      text.append(client.name().hasSessions() ? WITH_SESSIONS : WITHOUT_SESSIONS)
          .append(encoder.encodeToString(client.name().owner().copy()))
          .append(' ')
          .append(encoder.encodeToString(client.principal().getBytes(UTF_8)))
          .append('\n');
    }
    return text.toString();
  }

  private void replace(String text) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            ownersOnly())) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Other users of this machine must not see which clients mount. */
  private FileAttribute<?>[] ownersOnly() {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Ends the run in order.
   *
   * @param holding the clients that hold something, or may still reclaim
   */
  void close(Set<Claimant> holding) {
    if (writer == null) {
      return;
    }
    synchronized (this) {
      before.clear();
      before.addAll(holding);
      now.clear();
      isScheduled = true;
    }
    writer.execute(this::write);
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{} is still being written", file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
