/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.journal.Journal;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.CloneFaults;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Initiator;

/**
 * The array of one case, with its files, through all of its restarts. What a case installs (links
 * of the call chain, faults of jobs, a profile) is there after a restart, too.
 */
final class Stage implements AutoCloseable {
  static final String VOLUME = "datastore1";
  static final String SOURCE = "source-flat.vmdk";
  static final String DESTINATION = "clone-flat.vmdk";

  /** Who asks for the clones that are in the way of the command's. */
  static final String OURSELVES = "192.0.2.254";

  static final int SOURCE_BYTES = 8 << 20;

  private static final long VOLUME_BYTES = 1L << 30;
  private static final int JOURNAL_CALLS = 20_000;
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;
  private static final Duration TAKEOVER = Duration.ofSeconds(2);
  private static final Duration RESTART_LIMIT = Duration.ofSeconds(30);

  private final Path dataOrNull;
  private final int port;
  private final int httpPort;
  private final ExecutorService restarts =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "certify-restart");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicBoolean hasRestarted = new AtomicBoolean();
  private final List<CloneJobListener.Change> changes =
      Collections.synchronizedList(new ArrayList<>());
  private final List<Journal> journals = Collections.synchronizedList(new ArrayList<>());
  private final List<CallInterceptor> links = new ArrayList<>();
  private CloneFaults faults = CloneFaults.NONE;

  // Guarded by this.
  private volatile String unsaid = "";
  private FacsimArray array;

  /**
   * Starts the array.
   *
   * @param dataOrNull its data directory; null for one in memory, which cannot be restarted
   */
  Stage(Path dataOrNull) throws IOException {
    this.dataOrNull = dataOrNull;
    this.port = dataOrNull == null ? 0 : freePort();
    this.httpPort = dataOrNull == null ? 0 : freePort();
    array = start();
    Volume volume = volume();
    Inode source = make(SOURCE);
    byte[] bytes = new byte[SOURCE_BYTES];
    new Random(1).nextBytes(bytes);
    for (int at = 0; at < SOURCE_BYTES; at += Volume.MAX_TRANSFER_BYTES) {
      ByteBuffer piece = ByteBuffer.wrap(bytes, at, Volume.MAX_TRANSFER_BYTES);
      volume.files().write(Caller.ROOT, source, at, piece);
    }
  }

  private FacsimArray start() throws IOException {
    ArrayBuilder builder =
        FacsimArray.builder()
            .volume(VOLUME, VOLUME_BYTES)
            .nfsPort(port)
            .portmapPort(0)
            .journal(JOURNAL_CALLS)
            .cloneJobListener(changes::add)
            .management(HttpManagement.onPort(httpPort));
    if (dataOrNull != null) {
      builder.dataDirectory(dataOrNull);
    }
    links.forEach(builder::interceptor);
    FacsimArray started = builder.start();
    started.offload().cloneFaults(faults);
    journals.add(started.journal());
    return started;
  }

  /**
   * One that the operating system gives to nobody by itself, so that it is free after a restart.
   */
  private static int freePort() throws IOException {
    Random random = new Random();
    for (int attempt = 0; attempt < PORTS; attempt++) {
      int candidate = FIRST_PORT + random.nextInt(PORTS);
      try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // the next one may be free
      }
    }
    throw new IOException("no port from " + FIRST_PORT + " on is free");
  }

  synchronized FacsimArray array() {
    return array;
  }

  InetSocketAddress address() {
    return array().nfsAddress();
  }

  Volume volume() {
    return array().storage().volume(VOLUME).orElseThrow();
  }

  Inode make(String name) {
    Volume volume = volume();
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(0666))
        .inode();
  }

  /** A thin file of the source's size, as a host makes it before a full clone. */
  void makeDestination() {
    Inode file = make(DESTINATION);
    volume()
        .attributes()
        .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(SOURCE_BYTES), null);
  }

  Optional<Inode> file(String name) {
    Volume volume = volume();
    try {
      return Optional.of(volume.names().lookup(Caller.ROOT, volume.root(), Name.of(name)));
    } catch (ArrayException none) {
      return Optional.empty();
    }
  }

  // ---------------------------------------------------------------- what cases do

  void profile(ArrayProfile profile) {
    array().offload().profiles().set(VOLUME, profile);
  }

  /** Appends a link of the call chain. */
  void link(CallInterceptor link) {
    links.add(link);
    var unused = array().calls().install(link);
  }

  void jobs(CloneFaults newFaults) {
    faults = newFaults;
    array().offload().cloneFaults(newFaults);
  }

  /** Starts a clone of the array's own, which is in the way of the command's. */
  void cloneOfOurOwn() {
    make("other-flat.vmdk");
    Grants grants = new Grants(array().storage(), array().exports());
    var grant =
        grants.toExport(
            "/" + VOLUME, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), Caller.ROOT);
    var unused =
        array()
            .offload()
            .startClone(
                CloneOrder.within(
                    new Initiator(OURSELVES, Dialect.VAAI_NAS, grant),
                    FileRef.byPath(SOURCE),
                    FileRef.byPath("other-flat.vmdk"),
                    CloneOptions.NONE));
  }

  /** All doors go away for a time, and come back with the same state. */
  void takeover() {
    var unused = array().arrayFaults().takeover(TAKEOVER);
  }

  /** Restarts the array soon, once in a case, on another thread. */
  void restartSoon() {
    if (hasRestarted.compareAndSet(false, true)) {
      restarts.execute(this::restart);
    }
  }

  private synchronized void restart() {
    array.close();
    long end = System.nanoTime() + RESTART_LIMIT.toNanos();
    while (true) {
      try {
        array = start();
        return;
      } catch (BindException notYet) {
        if (System.nanoTime() > end) {
          throw new UncheckedIOException(notYet);
        }
        Thread.onSpinWait();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  // ---------------------------------------------------------------- what was seen

  /** The dialect that the command speaks has no word for what the case is about. */
  void unsaid(String words) {
    unsaid = words;
  }

  /** Why the case is none for this command; empty if it is one. */
  String unsaid() {
    return unsaid;
  }

  /** Of the jobs that the command asked for. */
  List<CloneJobListener.Change> changes() {
    synchronized (changes) {
      return changes.stream().filter(each -> !each.client().equals(OURSELVES)).toList();
    }
  }

  /** One for each run of the array. */
  List<Journal> journals() {
    synchronized (journals) {
      return List.copyOf(journals);
    }
  }

  /** Waits for a restart that is under way, then closes the array. */
  @Override
  public void close() {
    restarts.shutdown();
    array().close();
  }
}
