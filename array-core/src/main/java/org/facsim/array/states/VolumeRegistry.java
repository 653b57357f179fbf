/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.facsim.array.volume.OpenVolume;

/**
 * The volumes of an array, including those that only named states have, and the lock under which
 * volumes and states change.
 *
 * <p>Order of locks: this one, then every volume's in the order of their ids. It is held for the
 * whole cut of a transaction group, so that a save, a restore or a new volume is in a group as a
 * whole or not at all. Nobody waits for it while holding a volume's lock.
 */
public final class VolumeRegistry {
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final TreeMap<Integer, OpenVolume> known = new TreeMap<>();

  /** Volumes by ascending id. The list is replaced as a whole. */
  private volatile List<OpenVolume> present = List.of();

  private volatile List<OpenVolume> all = List.of();

  /** All volumes of the live array, in the order in which they were made. Takes no lock. */
  public List<OpenVolume> volumes() {
    return present;
  }

  /** All volumes, including those that only states have. Takes no lock. */
  public List<OpenVolume> allVolumes() {
    return all;
  }

  /** Runs a change while no other change of volumes and states runs, and no cut. */
  public <T> T alone(Supplier<T> change) {
    lock.lock();
    try {
      return change.get();
    } finally {
      lock.unlock();
    }
  }

  /** Runs as {@link #alone}, with a volume's lock held, too. */
  void withVolume(OpenVolume volume, Runnable change) {
    lock.lock();
    volume.lock().lock();
    try {
      change.run();
    } finally {
      volume.lock().unlock();
      lock.unlock();
    }
  }

  /** Runs as {@link #alone}, with every volume's lock held, too. */
  void withAllVolumes(Runnable change) {
    lock.lock();
    List<OpenVolume> locked = all;
    locked.forEach(volume -> volume.lock().lock());
    try {
      change.run();
    } finally {
      locked.forEach(volume -> volume.lock().unlock());
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- within the lock

  /** The volumes that {@link #publish} would show. */
  Collection<OpenVolume> known() {
    return known.values();
  }

  void add(OpenVolume volume) {
    known.put(volume.id(), volume);
  }

  /** Removes a volume that is neither in a state nor in the live array any more. */
  void remove(OpenVolume volume) {
    known.remove(volume.id());
  }

  /** Shows that volumes came, went or changed sides. */
  void publish() {
    all = List.copyOf(known.values());
    present = all.stream().filter(volume -> !volume.isDeleted()).toList();
  }
}
