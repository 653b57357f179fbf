/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.facsim.array.ArrayListener;
import org.facsim.array.Volume;

/**
 * Lets the doors follow the array: the one place that says what they forget when a named state is
 * restored, and what they do when volumes have gone or come back.
 *
 * <p>A door that remembers what calls did, and is not told here, lies after a restore.
 */
public final class ArrayFollower implements ArrayListener {
  private final List<Runnable> memories = new CopyOnWriteArrayList<>();
  private final List<ArrayListener> followers = new CopyOnWriteArrayList<>();

  /**
   * Adds something that remembers calls.
   *
   * @param forget ends the memory; takes no lock that anybody holds while it calls the array
   */
  public void addMemory(Runnable forget) {
    memories.add(forget);
  }

  /** Adds what is to be done after volumes went or came back, in the order of the adding. */
  public void addFollower(ArrayListener follower) {
    followers.add(follower);
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
