/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.facsim.array.ArrayListener;
import org.facsim.array.Volume;

/**
 * Makes the doors follow the array. Only this class decides what they forget when a named state is
 * restored, and what they do when volumes have gone or come back.
 *
 * <p>A door that remembers what calls did must be added here, otherwise it gives wrong answers
 * after a restore.
 */
public final class ArrayFollower implements ArrayListener {
  private final List<Runnable> memories = new CopyOnWriteArrayList<>();
  private final List<ArrayListener> followers = new CopyOnWriteArrayList<>();

  /**
   * Adds something that remembers calls.
   *
   * @param forget makes it forget them; must take no lock that a thread may hold while it calls the
   *     array
   */
  public void addMemory(Runnable forget) {
    memories.add(forget);
  }

  /**
   * Adds a listener that is called after volumes went or came back. Listeners are called in the
   * order in which they were added.
   */
  public void addFollower(ArrayListener follower) {
    followers.add(follower);
  }

  /** The doors are gone, and with them what they remembered. */
  public void forgetDoors() {
    memories.clear();
    followers.clear();
  }

  @Override
  public void restoring() {
    memories.forEach(Runnable::run);
  }

  @Override
  public void changed(Set<Volume> gone, Set<Volume> returned) {
    followers.forEach(follower -> follower.changed(gone, returned));
  }
}
