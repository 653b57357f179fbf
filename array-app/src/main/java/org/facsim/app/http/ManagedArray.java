/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import java.util.List;
import java.util.Set;
import org.facsim.array.ArrayException;
import org.facsim.array.StorageArray;
import org.facsim.nfs.nlm.NlmHost;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.services.access.ExportTable;
import org.facsim.services.offload.OffloadStatistics;
import org.facsim.services.offload.VolumeProfiles;
import org.facsim.services.state.HeldLock;

/** What the HTTP door shows and changes of a running array. Thread-safe. */
public interface ManagedArray {
  StorageArray storage();

  /** The export rules of each volume; may be changed at any time. */
  ExportTable exports();

  /** How each volume behaves toward hosts that offload; may be changed at any time. */
  VolumeProfiles profiles();

  OffloadStatistics vaaiStatistics();

  CallStatistics callStatistics();

  /**
   * Saves the array under a name.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT, NO_SPACE, IO
   */
  void saveState(String name);

  /**
   * Restores the array as it was when the state was saved. The exports change with the volumes.
   *
   * @throws ArrayException NOT_FOUND, NO_SPACE, IO
   */
  void restoreState(String name);

  /**
   * Deletes a state.
   *
   * @throws ArrayException NOT_FOUND, IO
   */
  void deleteState(String name);

  /** All ranges that NFS clients hold locked now. */
  List<HeldLock> locks();

  /** The NLM hosts that have locked something, whether they still hold it or not. */
  Set<NlmHost> lockingHosts();

  /**
   * Frees everything that an NLM host has locked or waits for, without asking it.
   *
   * @return the number of files in which something was freed
   */
  int releaseLocks(NlmHost host);
}
