/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.facsim.array.SystemFailure;
import org.facsim.protocol.net.IpAddresses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts to notify after a restart, and this monitor's state number, on stable storage.
 *
 * <p>One small text file, replaced whole for each change: written beside, forced, renamed. A crash
 * leaves the old list or the new one. A host is on the list before its first lock is granted. The
 * next start removes it after it was notified. Before that, it is removed only to make room for
 * others, and only if it holds nothing.
 *
 * <p>Without a file there is no list, because an array in memory loses its files together with its
 * locks. One thread writes the file. Thread-safe.
 */
final class HostList implements AutoCloseable {
  /** The most hosts on the list. */
  static final int MAX_HOSTS = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(HostList.class);
  private static final String FIRST_LINE = "facsim-nsm 1";
  private static final String STATE = "state ";
  private static final String HOST = "host ";
  private static final int FIRST_STATE = 1;
  private static final long STEPS = 1 << 21;
  private static final int CLOSE_TIMEOUT_SECONDS = 5;
  private static final Set<StandardOpenOption> WRITING =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final Path file;
  private final ExecutorService writer;
  private final Map<NlmHost, Entry> hosts = new LinkedHashMap<>();
  private int state;

  /** The hosts that are in the file, whether or not the write under way succeeds. */
  private Set<NlmHost> written = Set.of();

  /**
   * What the list has about a host.
   *
   * @param server the local address that it called; null if unknown
   * @param stable completes when the entry is on stable storage
   */
  private record Entry(InetAddress server, CompletableFuture<Void> stable) {}

  private HostList(Path file, int state, Map<NlmHost, Entry> earlier) {
    this.file = file;
    this.state = state;
    hosts.putAll(earlier);
    written = Set.copyOf(earlier.keySet());
    writer =
        file == null
            ? null
            : Executors.newSingleThreadExecutor(
                task -> {
                  Thread thread = new Thread(task, "nsm-list");
                  thread.setDaemon(true);
                  return thread;
                });
    if (writer != null) {
      writer.execute(
          () -> {}); // start its thread now: later the operating system may have none left
    }
  }

  /** No list. */
  static HostList inMemory() {
    return inMemory(FIRST_STATE);
  }

  /**
   * No list, in a later run of an array in memory.
   *
   * @param state the monitor's state number of this run
   */
  static HostList inMemory(int state) {
    return new HostList(null, state, Map.of());
  }

  /**
   * Reads the list that the last run left, if there is one, and begins a new run with the next odd
   * state number. A list that cannot be read is logged and counts as empty.
   *
   * <p>If the list cannot be written, for example because the disk is full, files can still be
   * read. No host can be added until the list can be written again. The hosts of the last run are
   * still on it, so they are notified now and perhaps once more by the next run. The file may then
   * lack the state number of this run. This run therefore uses a number that the next run, which
   * counts on from the old one, does not reach: a client ignores a notice with a number that it
   * knows.
   *
   * @param clock supplies a state number if it cannot be written
   */
  static HostList open(Path file, InstantSource clock) {
    int state = FIRST_STATE;
    Map<NlmHost, Entry> earlier = new LinkedHashMap<>();
    if (Files.exists(file)) {
      try {
        state = read(Files.readAllLines(file, UTF_8), earlier) + 2;
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("{} is damaged, no lock can be reclaimed: {}", file, reason(e));
        earlier.clear();
      }
    }
    HostList list = new HostList(file, state, earlier);
    try {
      list.write();
    } catch (IOException e) {
      LOG.warn(
          "{} cannot be written, no host gets its first lock until it can: {}", file, reason(e));
      list.state = state + unwrittenStep(clock);
    }
    return list;
  }

  private static String reason(Exception e) {
    return e instanceof IOException failed ? SystemFailure.inWords(failed) : e.getMessage();
  }

  /**
   * The step to a state number that is not written: even, 2 or more, and different for each second
   * within three weeks.
   */
  private static int unwrittenStep(InstantSource clock) {
    return 2 + 2 * (int) Math.floorMod(clock.instant().getEpochSecond(), STEPS);
  }

  private static int read(List<String> lines, Map<NlmHost, Entry> hosts) throws IOException {
    if (lines.size() < 2
        || !lines.get(0).equals(FIRST_LINE)
        || !lines.get(1).startsWith(STATE)
        || lines.size() > MAX_HOSTS + 2) {
      throw new IOException("not a list of hosts");
    }
    for (String line : lines.subList(2, lines.size())) {
      String[] words = line.split(" ", -1);
      if (words.length < 3 || words.length > 4 || !line.startsWith(HOST)) {
        throw new IOException("line '" + line + "'");
      }
      NlmHost host = new NlmHost(URLDecoder.decode(words[2], UTF_8), address(words[1], line));
      hosts.put(host, new Entry(words.length == 4 ? address(words[3], line) : null, DONE));
    }
    return Integer.parseInt(lines.get(1).substring(STATE.length()));
  }

  private static InetAddress address(String literal, String line) throws IOException {
    return IpAddresses.parseWithZone(literal)
        .orElseThrow(() -> new IOException("line '" + line + "'"));
  }

  private synchronized String text() {
    StringBuilder text = new StringBuilder(FIRST_LINE + "\n" + STATE + state + "\n");
    hosts.forEach(
        (host, entry) -> {
          text.append(HOST).append(host.address().getHostAddress()).append(' ');
          text.append(URLEncoder.encode(host.name(), UTF_8));
          if (entry.server() != null) {
            text.append(' ').append(entry.server().getHostAddress());
          }
          text.append('\n');
        });
    return text.toString();
  }

  /** This monitor's state number: odd, and two more with each run. */
  synchronized int state() {
    return state;
  }

  synchronized List<NlmHost> hosts() {
    return List.copyOf(hosts.keySet());
  }

  /** The local address that a host on the list called; null if it is unknown. */
  synchronized InetAddress server(NlmHost host) {
    Entry entry = hosts.get(host);
    return entry == null ? null : entry.server();
  }

  /**
   * Puts a host on the list.
   *
   * @param server the local address that it called, from which it will expect the notice; null if
   *     unknown. The address of a host that is on the list already does not change
   * @return completes when the entry is on stable storage; fails if it cannot be stored
   */
  CompletableFuture<Void> add(NlmHost host, InetAddress server) {
    if (file == null) {
      return DONE;
    }
    CompletableFuture<Void> added = new CompletableFuture<>();
    Entry mine = new Entry(server, added);
    synchronized (this) {
      Entry known = hosts.get(host);
      if (known != null) {
        return known.stable();
      }
      if (written.contains(host)) { // it was removed, but the removal is not written yet
        hosts.put(host, new Entry(server, DONE));
        return DONE;
      }
      if (hosts.size() >= MAX_HOSTS) {
        return CompletableFuture.failedFuture(new IOException("more than " + MAX_HOSTS));
      }
      hosts.put(host, mine);
    }
    change(added, () -> takeOff(host, mine));
    return added;
  }

  /** Removes a host from the list. */
  void remove(NlmHost host) {
    if (file == null) {
      return;
    }
    synchronized (this) {
      if (hosts.remove(host) == null) {
        return;
      }
    }
    change(new CompletableFuture<>(), () -> {});
  }

  /** Removes this entry of a host; a newer entry of the same host stays. */
  private synchronized void takeOff(NlmHost host, Entry entry) {
    hosts.remove(host, entry);
  }

  /** Begins a new run, as after a crash. */
  int advance() {
    int next;
    synchronized (this) {
      state += 2;
      next = state;
    }
    if (file != null) {
      change(new CompletableFuture<>(), () -> {});
    }
    return next;
  }

  private void change(CompletableFuture<Void> done, Runnable undo) {
    try {
      writer.execute(
          () -> {
            try {
              write();
              done.complete(null);
            } catch (IOException | RuntimeException e) {
              failed(done, undo, e);
            } catch (Error e) { // callers that wait must not wait for ever
              failed(done, undo, e);
              throw e;
            }
          });
    } catch (RejectedExecutionException e) {
      failed(done, undo, e);
    }
  }

  private void failed(CompletableFuture<Void> done, Runnable undo, Throwable why) {
    LOG.warn("cannot write {}: {}", file, why.toString());
    undo.run();
    done.completeExceptionally(why);
  }

  /**
   * Permissions for the owner only, if the file system has owners: other users of this machine must
   * not see which clients mount.
   */
  private static FileAttribute<?>[] ownersOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private void write() throws IOException {
    String text;
    Set<NlmHost> before;
    Set<NlmHost> next;
    synchronized (this) {
      text = text();
      before = written;
      next = Set.copyOf(hosts.keySet());
      written = before.stream().filter(next::contains).collect(Collectors.toUnmodifiableSet());
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel = FileChannel.open(unfinished, WRITING, ownersOnly(unfinished))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      synchronized (this) {
        written = before; // the file is as it was
      }
      throw e;
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
    synchronized (this) {
      written = next;
    }
  }

  @Override
  public void close() {
    if (writer != null) {
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
}
