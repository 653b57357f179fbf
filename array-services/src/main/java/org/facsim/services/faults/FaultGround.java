/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.InstantSource;
import java.util.List;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Volume;

/** The array that faults happen to, as the rules need it. Every answer is of now. */
public interface FaultGround {
  /** For time windows, and for when a rule was applied last. */
  InstantSource clock();

  /** What the doors can be asked and can answer. */
  DoorVocabulary doors();

  /** The volumes that there are. */
  List<Volume> volumes();

  /** Whether a volume is exported to anybody. */
  boolean isExported(Volume volume);

  /**
   * The file of a handle.
   *
   * @throws org.facsim.array.ArrayException if it names none
   */
  Inode resolve(FileHandle handle);

  /** What can happen to the whole array; null if that is not to be had. */
  ArrayFaults array();
}
