/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import java.time.Clock;
import org.facsim.array.StorageArray;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.LatencyMeter;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadOptions;
import org.facsim.services.offload.OffloadStatistics;
import org.facsim.services.offload.VolumeProfiles;
import org.facsim.services.state.Holdings;

/** The offload of an array behind a door of a test. */
public final class TestOffload {
  private TestOffload() {}

  /** Shares blocks, and measures no latencies. */
  public static OffloadEngine of(StorageArray array, Holdings holdings) {
    return new OffloadEngine(
        array,
        new VolumeProfiles(NamedProfiles.SHARING),
        OffloadOptions.of(Clock.systemUTC(), CloneJobListener.NONE, Unmeasured::new),
        array,
        holdings.delegations());
  }

  private static final class Unmeasured implements LatencyMeter {
    @Override
    public void record(long nanos) {}

    @Override
    public OffloadStatistics.Latency read() {
      return new OffloadStatistics.Latency(0, 0, 0, 0);
    }
  }
}
