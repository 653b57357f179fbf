/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Who knows what hosts saw of their own calls: a program that runs simulated hosts beside the array
 * tells it here. Real hosts tell nobody, so nothing is known of them. Survives restarts of the
 * array in place. Thread-safe.
 */
public final class HostIoSources {
  /** The most that are asked; more are a defect of whoever adds them. */
  static final int MAX_SOURCES = 64;

  private final List<Added> sources = new CopyOnWriteArrayList<>();

  /** Ends what was added. */
  public interface Source extends AutoCloseable {
    /** From now on it is not asked any more. Closing again does nothing. */
    @Override
    void close();
  }

  /**
   * Adds figures of hosts.
   *
   * @param figures is asked about once a second; must not wait
   * @throws IllegalStateException if there are {@value #MAX_SOURCES} already
   */
  public Source add(Supplier<HostIo> figures) {
    Added added = new Added(figures);
    synchronized (sources) {
      if (sources.size() == MAX_SOURCES) {
        throw new IllegalStateException(MAX_SOURCES + " sources of what hosts saw");
      }
      sources.add(added);
    }
    return added;
  }

  /** The sum of all. */
  public HostIo read() {
    HostIo sum = HostIo.NONE;
    for (Added each : sources) {
      sum = sum.plus(each.figures.get());
    }
    return sum;
  }

  /** One source, whatever else asks the same supplier. */
  private final class Added implements Source {
    private final Supplier<HostIo> figures;

    Added(Supplier<HostIo> figures) {
      this.figures = figures;
    }

    @Override
    public void close() {
      sources.remove(this);
    }
  }
}
