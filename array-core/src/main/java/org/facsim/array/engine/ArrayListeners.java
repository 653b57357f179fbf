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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners of changes of the array, one change at a time, so that they hear of them in
 * order. The monitor is taken before the locks of states and volumes, and by nobody who holds one
 * of these.
 *
 * <p>A listener that throws has a defect. It is logged, and the change and the other listeners go
 * on; only {@link #restoring} lets it stop the restore, because nothing has changed by then.
 */
public final class ArrayListeners {
  private static final Logger LOG = LoggerFactory.getLogger(ArrayListeners.class);

  private final List<ArrayListener> listeners = new CopyOnWriteArrayList<>();

  public void add(ArrayListener listener) {
    listeners.add(listener);
  }

  public void remove(ArrayListener listener) {
    listeners.remove(listener);
  }

  /** Calls {@link ArrayListener#preparing}. */
  void preparing(Set<Volume> affected) {
    tell(listener -> listener.preparing(affected));
  }

  /** Tells that a named state is about to be restored. All volumes' locks are held. */
  public void restoring() {
    listeners.forEach(ArrayListener::restoring);
  }

  /** Volumes that went and came back. */
  record Changed(Set<Volume> gone, Set<Volume> returned) {}

  /** Makes a change. No other change of which listeners hear is made at the same time. */
  synchronized <T> T inOrder(Supplier<T> change) {
    return change.get();
  }

  /** The same as {@link #inOrder(Supplier)}. */
  synchronized void inOrder(Runnable change) {
    change.run();
  }

  /** Tells every listener. A change is told within {@link #inOrder(Supplier)}. */
  void tell(Consumer<ArrayListener> what) {
    for (ArrayListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("a listener of the array failed and may not know what changed", e);
      }
    }
  }

  /** Makes a change, then tells of it. A change that fails has changed nothing and is not told. */
  synchronized Changed telling(Supplier<List<Volume>> volumes, Runnable change) {
    Set<Volume> before = Set.copyOf(volumes.get());
    change.run();
    Set<Volume> after = Set.copyOf(volumes.get());
    Set<Volume> gone = Set.copyOf(Sets.difference(before, after));
    Set<Volume> returned = Set.copyOf(Sets.difference(after, before));
    tell(listener -> listener.changed(gone, returned));
    return new Changed(gone, returned);
  }
}
