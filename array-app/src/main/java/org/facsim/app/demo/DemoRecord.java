/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.facsim.management.DemoDoor;
import org.facsim.management.DemoView;
import org.facsim.management.LabRefusal;

/**
 * Remembers how a run of the demo is doing, for those who watch it in the console. As a door it
 * shows the run and starts none. Thread-safe.
 */
public final class DemoRecord implements ProgressDisplay, DemoDoor {
  private final String volume;
  private final ProgressDisplay other;
  private final InstantSource clock;

  // All guarded by the monitor of this object.
  private String state = "running";
  private String step = "the hosts start";
  private String error;
  private long doneBytes;
  private long totalBytes;
  private final List<DemoView.Case> cases = new ArrayList<>();

  /**
   * A run that begins.
   *
   * @param volume on which its machines will be
   * @param other shows the progress, too
   */
  DemoRecord(String volume, ProgressDisplay other, InstantSource clock) {
    this.volume = volume;
    this.other = other;
    this.clock = clock;
  }

  /** A run on the demo's own array. */
  public static DemoRecord ofOwnArray(ProgressDisplay other) {
    return new DemoRecord(Demo.VOLUME, other, InstantSource.system());
  }

  @Override
  public synchronized DemoView status() {
    return new DemoView(
        true, state, volume, step, doneBytes, totalBytes, DemoCase.ALL.size(), cases, error);
  }

  @Override
  public DemoView start(long diskSizeBytes) {
    throw new LabRefusal(
        LabRefusal.Kind.CONFLICT, "this array was started by the demo, which runs once");
  }

  /** One more clone is made. */
  public synchronized void add(CaseResult result) {
    cases.add(
        new DemoView.Case(
            result.name(),
            Demo.sourceName(result.guest()),
            result.guest(),
            clock.instant().toString(),
            result.clonedBy(),
            result.reason(),
            result.quiescing(),
            result.redoLogsPerDisk(),
            result.nfsReadBytes(),
            result.nfsWriteBytesToDestination(),
            result.addedPhysicalBytes(),
            result.elapsedMillis(),
            result.asExpected(),
            result.why().lines()));
  }

  /** The run is over, and its machines stay. */
  public synchronized void done() {
    over("done", null);
  }

  /** The run has ended early. */
  public synchronized void failed(String why) {
    over("failed", why);
  }

  synchronized boolean isRunning() {
    return state.equals("running");
  }

  private void over(String how, String why) {
    state = how;
    error = why;
    none();
  }

  private void none() {
    step = null;
    doneBytes = 0;
    totalBytes = 0;
  }

  @Override
  public void begin(String label) {
    synchronized (this) {
      none();
      step = label;
    }
    other.begin(label);
  }

  @Override
  public void transferred(long done, long total) {
    synchronized (this) {
      doneBytes = done;
      totalBytes = total;
    }
    other.transferred(done, total);
  }

  @Override
  public void end() {
    synchronized (this) {
      none();
    }
    other.end();
  }
}
