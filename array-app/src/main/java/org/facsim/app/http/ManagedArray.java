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

  /** Who may do what on which volume; changeable at any time. */
  ExportTable exports();

  /** How each volume behaves toward hosts that offload; changeable at any time. */
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
   * Makes the array what it was when the state was saved; exports follow its volumes.
   *
   * @throws ArrayException NOT_FOUND, NO_SPACE, IO
   */
  void restoreState(String name);

  /**
   * Forgets a state.
   *
   * @throws ArrayException NOT_FOUND, IO
   */
  void deleteState(String name);

  /** Every range that NFS clients have locked now. */
  List<HeldLock> locks();

  /** The hosts that have locked something over NLM, whether they hold it now or not. */
  Set<NlmHost> lockingHosts();

  /**
   * Frees everything that a host has locked and waits for, without asking it.
   *
   * @return in how many files there was something
   */
  int releaseLocks(NlmHost host);
}
