/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.LinkedHashMap;
import java.util.Map;
import org.facsim.hypervisor.datastore.VaaiCounter;
import org.facsim.hypervisor.datastore.VaaiCounters;

/**
 * The NAS analogue of the columns in which {@code esxtop} shows block VAAI ({@code CLONE_WR},
 * {@code DELETE}, ...), which no host has: a name and a count for each primitive, with {@code _F}
 * for failures.
 *
 * @param values by the name of the column, in the order of a screen
 */
record NasVaaiColumns(Map<String, Long> values) {
  static NasVaaiColumns of(VaaiCounters counters) {
    Map<String, Long> values = new LinkedHashMap<>();
    values.put("CLONE", counters.of(VaaiCounter.FULL_CLONE_SUCCESS));
    values.put("CLONE_F", counters.of(VaaiCounter.FULL_CLONE_FAILURE));
    values.put("FAST", counters.of(VaaiCounter.FAST_CLONE_SUCCESS));
    values.put("FAST_F", counters.of(VaaiCounter.FAST_CLONE_FAILURE));
    values.put("RESV", counters.of(VaaiCounter.RESERVE_SPACE_SUCCESS));
    values.put("RESV_F", counters.of(VaaiCounter.RESERVE_SPACE_FAILURE));
    values.put("STAT", counters.of(VaaiCounter.EXT_STATS_SUCCESS));
    values.put("STAT_F", counters.of(VaaiCounter.EXT_STATS_FAILURE));
    values.put("DELETE", counters.of(VaaiCounter.UNMAP_SUCCESS));
    values.put("DELETE_F", counters.of(VaaiCounter.UNMAP_FAILURE));
    return new NasVaaiColumns(values);
  }
}
