/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.facsim.management.HttpSecurity;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** What {@code facsim serve} takes as a token, before it starts anything. */
class HttpSecurityOptionsTest {
  @Command
  static final class Given {
    @Mixin private HttpSecurityOptions options;
  }

  private static HttpSecurity security(String token) {
    Given given = new Given();
    new CommandLine(given).parseArgs();
    return given.options.security(token, Optional.empty());
  }

  @Test
  void aTokenOfTheEnvironmentIsTakenIfItIsOne() {
    assertThat(security("a-token-that-nobody-guesses").token())
        .contains("a-token-that-nobody-guesses");
    assertThat(security("").token()).isEmpty();
    assertThat(security(null).token()).isEmpty();
  }

  @Test
  void aTokenThatIsNoneIsWrongUsage() {
    assertThatThrownBy(() -> security("short"))
        .isInstanceOf(ParameterException.class)
        .hasMessageStartingWith("FACSIM_TOKEN: ")
        .hasMessageContaining("allowed: 16 to 256")
        .hasMessageNotContaining("short");
  }
}
