/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.Set;

/**
 * Hears what is done to the array as a whole. Doors keep things by volume and by file, and remember
 * what calls did, so they have to know that volumes went or came back, and that a named state is
 * restored. Whoever keeps a record hears of each such change by name.
 *
 * <p>A listener is not a link of the call chain, because an administrator, or a program that embeds
 * the array, changes volumes without a call.
 *
 * <p>The array calls a listener on the thread that made the change, before the change returns, and
 * in the order of the changes. A listener must not delete volumes or restore states. If a listener
 * throws, that is a defect: the array logs it, and goes on with the change and the other listeners.
 */
@FunctionalInterface
public interface ArrayListener {
  /**
   * Volumes are about to be deleted, or a named state to be restored, and nothing is locked yet.
   * This is the moment to recall what clients hold of the files. A listener may wait for a bounded
   * time. The change may still fail.
   *
   * @param affected the volumes whose files may change or go
   */
  default void preparing(Set<Volume> affected) {}

  /**
   * A named state is about to be restored, and nothing can stop that any more. A door must forget
   * all that it remembers of calls, because the restore undoes what they did. Every volume is
   * locked, so each change was made before this call or will be made after it. A call that runs now
   * may be on either side. A door must not remember its answer, unless its {@link
   * Mutation#restoreCount} says that the change came after this call.
   *
   * <p>A listener must only forget here. It must not call the array, and must not wait for anything
   * that may wait for the array. If it throws, the restore fails and changes nothing.
   */
  default void restoring() {}

  /**
   * A volume was deleted or a named state restored. After a restore, files of any volume may be
   * gone ({@link Inode#isGone}). No volume is locked.
   *
   * @param gone volumes that are deleted, or not in the state; they may come back with a named
   *     state
   * @param returned volumes of the state that were not there before it
   */
  void changed(Set<Volume> gone, Set<Volume> returned);

  /**
   * A volume was made. This method and the following ones are for whoever keeps a record. They are
   * called when the change holds in memory, after the array has made it durable or has failed to.
   */
  default void volumeMade(Volume volume) {}

  /** A volume has another size. */
  default void volumeResized(Volume volume, long beforeBytes) {}

  /** A volume was deleted. {@link #changed} was called before. */
  default void volumeDeleted(Volume volume) {}

  /** The array was saved as a named state. */
  default void stateSaved(String name) {}

  /** A named state was restored. {@link #changed} was called before, with the same volumes. */
  default void stateRestored(String name, Set<Volume> gone, Set<Volume> returned) {}

  /** A named state was deleted. */
  default void stateDeleted(String name) {}
}
