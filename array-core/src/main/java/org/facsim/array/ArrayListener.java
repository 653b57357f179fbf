/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.Set;

/**
 * Hears what is done to the array as a whole: that volumes went or came back, and that a named
 * state is restored, for doors, which keep things by volume and by file, and remember what calls
 * did; and each such change by name, for those who keep a record.
 *
 * <p>It hears of volumes, not of calls: an administrator and a program that embeds the array change
 * volumes without any door. So it is no link of the chain that the calls of all doors pass.
 *
 * <p>Called on the thread that made the change, before its call returns and in the order of the
 * changes. It must not delete volumes or restore states itself. A listener that throws has a
 * defect: it is logged, and nobody else is kept from hearing of the change.
 */
@FunctionalInterface
public interface ArrayListener {
  /**
   * Volumes are about to be deleted, or a named state to be restored, and nothing is locked yet:
   * the moment to ask clients for what they have of the files. May wait, for a bounded time; the
   * change may still fail.
   *
   * @param affected whose files may change or go
   */
  default void preparing(Set<Volume> affected) {}

  /**
   * A named state is about to be restored, and nothing can stop that any more. Whatever a door
   * remembers of calls ends here: what they did is undone. Every volume is locked, so each change
   * was made before this or will be made after it; a call that runs now may be on either side, so
   * its answer must not be remembered, unless its {@link Mutation#restoreCount} says that it was
   * made after this.
   *
   * <p>Must only forget: it must not call the array, nor wait for anything that may wait for it.
   */
  default void restoring() {}

  /**
   * A volume was deleted or a named state restored; files of any volume may be gone after that,
   * too: {@link Inode#isGone}. Called outside of all locks of volumes.
   *
   * @param gone deleted, or not in the state; may come back with a named state
   * @param returned not there before, and in the state
   */
  void changed(Set<Volume> gone, Set<Volume> returned);

  /**
   * A volume was made. This and the following are told once the change holds and was made durable,
   * or could not be made durable; they are for whoever keeps a record of what was done.
   */
  default void volumeMade(Volume volume) {}

  /** A volume has another size. */
  default void volumeResized(Volume volume, long beforeBytes) {}

  /** A volume was deleted; {@link #changed} has told it already. */
  default void volumeDeleted(Volume volume) {}

  /** The array was saved as a named state. */
  default void stateSaved(String name) {}

  /** A named state was restored; {@link #changed} has told it already, with the same volumes. */
  default void stateRestored(String name, Set<Volume> gone, Set<Volume> returned) {}

  /** A named state was deleted. */
  default void stateDeleted(String name) {}
}
