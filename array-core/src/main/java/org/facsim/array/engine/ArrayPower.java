/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.Group;
import org.facsim.array.log.GroupLog;
import org.facsim.array.log.Home;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.file.DataDirectory;
import org.facsim.array.log.file.HostPower;

/**
 * The power of a durable array, from one start to its end: it can fail now, or while the nth
 * transaction group from now on becomes durable. Afterwards the array is abandoned, and another one
 * opened from what the disk kept. {@link HostPower} says what it keeps.
 *
 * <p>Thread-safe.
 */
public final class ArrayPower {
  /** The moment at which the power fails while a group becomes durable. */
  public enum Moment {
    /** Nothing of the group is forced. It is lost. */
    BEFORE_PAYLOAD,
    /**
     * Its payload is forced. Its batch is written, but not forced, so it may be lost, torn or
     * whole. The group is durable only if its batch is whole.
     */
    BEFORE_BATCH,
    /** The group is durable, and nobody has been told. */
    BEFORE_ANSWER
  }

  private final HostPower host;

  // Guarded by this.
  private long groups;
  private Plan plan;

  private record Plan(long atGroup, Moment moment, Runnable before) {}

  /**
   * Power that is on.
   *
   * @param seed decides which of the writes that were not forced are lost
   */
  public ArrayPower(long seed) {
    host = new HostPower(new SplittableRandom(seed));
  }

  /**
   * From now on, keeps what was on the disk before each write, so that a failure can lose what was
   * not forced. This costs one read of the disk for each write, and up to 64 MiB of memory.
   */
  public void watch() {
    host.watch();
  }

  /** From now on, a failure loses only what is in memory, and nothing that was written. */
  public void unwatch() {
    host.unwatch();
  }

  /**
   * Plans a failure while the nth group from now on becomes durable, in place of an earlier plan.
   * The disk is watched until then.
   *
   * @param n from 1
   * @param before runs just before the failure, in the thread that commits. It must have closed
   *     every way on which a client could hear the outcome when it returns
   */
  public void failAtGroup(long n, Moment moment, Runnable before) {
    if (n < 1) {
      throw new IllegalArgumentException("group " + n + " from now on, at least 1");
    }
    host.watch();
    synchronized (this) {
      plan = new Plan(groups + n, moment, before);
    }
  }

  /** Forgets the failure that was planned, if there is one. */
  public synchronized void cancel() {
    plan = null;
  }

  /** Lets the power fail now: nothing reaches the disk any more. */
  public void fail() {
    host.fail();
  }

  public boolean isOff() {
    return host.isOff();
  }

  /** The number of transaction groups since the start whose way to the disk has begun. */
  public synchronized long groups() {
    return groups;
  }

  private synchronized Plan begun() {
    groups++;
    if (plan == null || plan.atGroup() != groups) {
      return null;
    }
    Plan due = plan;
    plan = null;
    return due;
  }

  private void fail(Plan due) {
    try {
      due.before().run();
    } finally {
      host.fail();
    }
  }

  /** Opens an array's data directory on the host that has this power. */
  Home open(Path dataDirectory) {
    return new PoweredHome(DataDirectory.open(dataDirectory, host));
  }

  private final class PoweredHome implements Home {
    private final Home home;

    PoweredHome(Home home) {
      this.home = home;
    }

    @Override
    public MetadataStore metadata() {
      return home.metadata();
    }

    @Override
    public GroupLog log() {
      return new PoweredLog(home.log());
    }

    @Override
    public Batch newBatch() {
      return home.newBatch();
    }

    @Override
    public PayloadStore payload(int volume) {
      return home.payload(volume);
    }

    @Override
    public PayloadStore storedPayload(int volume) {
      return home.storedPayload(volume);
    }

    @Override
    public void removePayload(int volume) {
      home.removePayload(volume);
    }

    @Override
    public void close() {
      home.close();
    }
  }

  /** Counts groups, and lets the power fail while the planned one becomes durable. */
  private final class PoweredLog implements GroupLog {
    private final GroupLog log;

    PoweredLog(GroupLog log) {
      this.log = log;
    }

    @Override
    public long term() {
      return log.term();
    }

    @Override
    public int maxInFlight() {
      return log.maxInFlight();
    }

    @Override
    public void append(Group group, Outcomes outcomes) {
      Plan due = begun();
      if (due == null) {
        log.append(group, outcomes);
        return;
      }
      switch (due.moment()) {
        case BEFORE_PAYLOAD -> {
          fail(due);
          log.append(group, outcomes);
        }
        case BEFORE_BATCH -> {
          host.insteadOfNextForce(() -> fail(due));
          log.append(group, outcomes);
        }
        case BEFORE_ANSWER -> log.append(group, new Unheard(due, outcomes));
      }
    }
  }

  /** Lets the power fail when a group is durable, and reports the group as failed. */
  private final class Unheard implements GroupLog.Outcomes {
    private final Plan due;
    private final GroupLog.Outcomes outcomes;

    Unheard(Plan due, GroupLog.Outcomes outcomes) {
      this.due = due;
      this.outcomes = outcomes;
    }

    @Override
    public void durable(Group group) {
      fail(due);
      outcomes.failed(group, new ArrayException(ArrayError.BUSY, "the power is off"));
    }

    @Override
    public void failed(Group group, Throwable why) {
      fail(due);
      outcomes.failed(group, why);
    }

    @Override
    public void termLost(long newTerm) {
      outcomes.termLost(newTerm);
    }
  }
}
