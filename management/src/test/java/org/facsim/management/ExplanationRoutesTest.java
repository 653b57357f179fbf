/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import org.facsim.embedded.FacsimArray;
import org.junit.jupiter.api.Test;

/** Explanations that are refused. */
class ExplanationRoutesTest {
  private static final String AWAY = "{\"parameters\": {\"for\": \"30s\"}}";

  @Test
  void anArrayThatIsAwayDoesNotBlameThePath() throws Exception {
    try (FacsimArray array =
        FacsimArray.builder()
            .volume("ds", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start()) {
      ApiClient client = new ApiClient(array);
      client.send("GET", "/api/v1/explanation?path=/ds/f", null, 404);
      client.send("POST", "/api/v1/fault-presets/takeover", AWAY, 200);
      client.send("GET", "/api/v1/explanation?path=/ds/f", null, 503);
    }
  }
}
