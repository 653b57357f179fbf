/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.time.InstantSource;
import org.facsim.array.ArrayException;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.management.DemoDoor;
import org.facsim.management.DemoView;
import org.facsim.management.LabRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo beside an array that is served: a person starts it from the console and watches it
 * there. Its hosts stay when it is done, so that their machines are as the article left them. It
 * runs once; who deletes its volume may start it again.
 *
 * <p>Thread-safe.
 */
public final class ServedDemo implements DemoDoor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServedDemo.class);
  private static final long CLOSE_MILLIS = 2_000;

  // All guarded by the monitor of this object.
  private FacsimArray array;
  private Demo demo;
  private DemoRecord record;
  private Thread runner;

  /** The array is there; from now on the demo can be started. */
  public synchronized void serves(FacsimArray served) {
    array = served;
  }

  @Override
  public synchronized DemoView status() {
    return record == null ? DemoView.idle(array != null, DemoCase.ALL.size()) : record.status();
  }

  @Override
  public synchronized DemoView start(long diskSizeBytes) {
    if (diskSizeBytes < DemoOptions.MIN_DISK_SIZE_BYTES
        || diskSizeBytes > DemoOptions.MAX_DISK_SIZE_BYTES) {
      throw new LabRefusal(
          LabRefusal.Kind.INVALID,
          "field 'diskSizeBytes': " + diskSizeBytes + "; allowed: 1048576 (1MiB) to 844GiB");
    }
    if (array == null) {
      throw new LabRefusal(LabRefusal.Kind.BUSY, "the array starts; try again in a moment");
    }
    if (record != null && record.isRunning()) {
      throw new LabRefusal(LabRefusal.Kind.CONFLICT, "the demo runs already");
    }
    if (array.control().volumes().find(Demo.SERVED_VOLUME).isPresent()) {
      throw new LabRefusal(
          LabRefusal.Kind.CONFLICT,
          "there is a volume '"
              + Demo.SERVED_VOLUME
              + "' already; delete it to run the demo again");
    }
    closeHosts();
    DemoRecord begun =
        new DemoRecord(Demo.SERVED_VOLUME, ProgressDisplay.NONE, InstantSource.system());
    FacsimArray on = array;
    record = begun;
    runner = new Thread(() -> run(on, begun, DemoOptions.ofDiskSize(diskSizeBytes)), "facsim-demo");
    runner.setDaemon(true);
    runner.start();
    return begun.status();
  }

  private void run(FacsimArray on, DemoRecord begun, DemoOptions options) {
    try {
      Demo running = Demo.on(on, options, begun);
      keep(running);
      running.createSources();
      var unused = running.runCases(begun::add);
      begun.done();
    } catch (ArrayException | DatastoreException | IllegalStateException e) {
      LOG.warn("the demo ends early: {}", e.getMessage());
      begun.failed(e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("the demo: a defect", e);
      begun.failed("a defect in Facsim; see its log");
    }
  }

  private synchronized void keep(Demo running) {
    demo = running;
  }

  /** Stops the hosts of an earlier run. */
  private void closeHosts() {
    if (demo != null) {
      demo.close();
      demo = null;
    }
  }

  /** Stops the hosts. A run under way is not waited for long; it fails then. */
  @Override
  public void close() {
    Thread waitedFor;
    synchronized (this) {
      waitedFor = runner;
    }
    if (waitedFor != null) {
      try {
        waitedFor.join(CLOSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    synchronized (this) {
      closeHosts();
    }
  }
}
