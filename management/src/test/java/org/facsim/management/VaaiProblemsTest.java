/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.junit.jupiter.api.Test;

/**
 * JSON tells outcomes by the names and numbers of the RPC program, whose messages it never sees.
 */
final class VaaiProblemsTest {
  @Test
  void namesAndNumbersAreThoseOfTheRpcProgram() {
    Set<String> told = new HashSet<>();
    for (OffloadError error : OffloadError.values()) {
      VaaiProblems.Code code = VaaiProblems.codeOf(error);
      assertThat(VaaiStatus.valueOf(code.name()).code()).as(code.name()).isEqualTo(code.number());
      assertThat(told.add(code.name())).as("%s is told apart", error).isTrue();
    }
    Arrays.stream(VaaiStatus.values())
        .filter(status -> status != VaaiStatus.OK)
        .forEach(status -> assertThat(told).contains(status.name()));
  }

  @Test
  void aProblemHasTheReasonOrSaysAtLeastWhichStatusItIs() {
    Problem full = VaaiProblems.of(new OffloadFailure(OffloadError.NO_SPACE, "volume a is full"));
    assertThat(full.status()).isEqualTo(507);
    assertThat(full.title()).isEqualTo("VAAI NOSPC");
    assertThat(full).hasMessage("volume a is full");
    assertThat(full.extensions()).isEqualTo(Map.of("vaaiStatus", "NOSPC", "vaaiCode", 28));
    assertThat(VaaiProblems.of(new OffloadFailure(OffloadError.BUSY, "")))
        .hasMessage("the array answered BUSY");
  }
}
