/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.junit.jupiter.api.Test;

/** What a trainee may state, and what counts as an answer. */
class LabAnswerTest {
  @Test
  void aMistypedAnswerIsRefusedAndCostsNothing() throws Exception {
    Lab lab = Lab.read("blocked-clone-protocol", 7);
    ArrayBuilder builder = FacsimArray.builder().nfsPort(0).seed(7);
    lab.applyTo(builder, 0);
    try (FacsimArray array = builder.management(HttpManagement.onPort(0).withLab(lab)).start();
        lab) {
      lab.start(array);

      assertThatThrownBy(() -> lab.answer("clone-protocol-blocked", ""))
          .hasMessageContaining("what it is about is missing; allowed: one of esx1, esx2");
      assertThatThrownBy(() -> lab.answer("clone-protocol-blocked", "esx9"))
          .hasMessageContaining("about 'esx9'; allowed: one of esx1, esx2");
      assertThatThrownBy(() -> lab.answer("clone-protocol-block", "esx1"))
          .hasMessageContaining("'facsim lab causes'");
      assertThat(lab.evidence().answers()).isEmpty();

      lab.answer("clone-protocol-blocked", "esx1");
      assertThat(lab.evidence().answers()).hasSize(1);
    }
  }
}
