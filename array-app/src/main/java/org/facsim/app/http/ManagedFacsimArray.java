/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import java.util.List;
import java.util.Set;
import org.facsim.array.StorageArray;
import org.facsim.embedded.FacsimArray;
import org.facsim.nfs.nlm.NlmHost;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.services.access.ExportTable;
import org.facsim.services.offload.OffloadStatistics;
import org.facsim.services.offload.VolumeProfiles;
import org.facsim.services.state.HeldLock;

/** A running array, as the HTTP door uses it. */
final class ManagedFacsimArray implements ManagedArray {
  private final FacsimArray array;

  ManagedFacsimArray(FacsimArray array) {
    this.array = array;
  }

  @Override
  public StorageArray storage() {
    return array.storage();
  }

  @Override
  public ExportTable exports() {
    return array.exports();
  }

  @Override
  public VolumeProfiles profiles() {
    return array.offload().profiles();
  }

  @Override
  public OffloadStatistics vaaiStatistics() {
    return array.offload().statistics();
  }

  @Override
  public CallStatistics callStatistics() {
    return array.statistics();
  }

  @Override
  public void saveState(String name) {
    storage().saveState(name);
  }

  @Override
  public void restoreState(String name) {
    storage().restoreState(name);
  }

  @Override
  public void deleteState(String name) {
    storage().deleteState(name);
  }

  @Override
  public List<HeldLock> locks() {
    return array.lockTable().held();
  }

  @Override
  public Set<NlmHost> lockingHosts() {
    return array.lockManager().lockingHosts();
  }

  @Override
  public int releaseLocks(NlmHost host) {
    return array.lockManager().release(host);
  }
}
