/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import com.google.common.collect.Sets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.facsim.array.ArrayListener;
import org.facsim.array.Volume;

/**
 * Tells listeners which volumes went and came. One change at a time, so that what they hear is in
 * order; the monitor is taken before the locks of states and volumes, and by nobody who has those.
 */
public final class ArrayListeners {
  private final List<ArrayListener> listeners = new CopyOnWriteArrayList<>();

  public void add(ArrayListener listener) {
    listeners.add(listener);
  }

  public void remove(ArrayListener listener) {
    listeners.remove(listener);
  }

  /** As {@link ArrayListener#preparing}. */
  void preparing(Set<Volume> affected) {
    listeners.forEach(listener -> listener.preparing(affected));
  }

  /** A named state is about to be restored; all volumes' locks are held. */
  public void restoring() {
    listeners.forEach(ArrayListener::restoring);
  }

  /** Volumes that went and came back. */
  record Changed(Set<Volume> gone, Set<Volume> returned) {}

  /** Makes a change while no other one is made that listeners hear of. */
  synchronized <T> T inOrder(Supplier<T> change) {
    return change.get();
  }

  /** As {@link #inOrder(Supplier)}. */
  synchronized void inOrder(Runnable change) {
    change.run();
  }

  /** Tells of a change; within {@link #inOrder(Supplier)}. */
  void tell(Consumer<ArrayListener> what) {
    listeners.forEach(what);
  }

  /** Makes a change, then tells of it; one that fails has changed nothing. */
  synchronized Changed telling(Supplier<List<Volume>> volumes, Runnable change) {
    Set<Volume> before = Set.copyOf(volumes.get());
    change.run();
    Set<Volume> after = Set.copyOf(volumes.get());
    Set<Volume> gone = Set.copyOf(Sets.difference(before, after));
    Set<Volume> returned = Set.copyOf(Sets.difference(after, before));
    listeners.forEach(listener -> listener.changed(gone, returned));
    return new Changed(gone, returned);
  }
}
