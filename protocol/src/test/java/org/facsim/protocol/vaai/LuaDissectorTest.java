/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/wireshark/vaai_nas.lua} is what the generator makes of {@code vaai_nas.x}. {@code
 * -Dfacsim.write-dissector=true} writes it anew. What it makes of packets is tested by {@code
 * DissectorIT}.
 */
class LuaDissectorTest {
  private static final Path DISSECTOR = Path.of("..", "docs", "wireshark", "vaai_nas.lua");

  @Test
  void theDissectorIsMadeOfTheDescription() throws IOException {
    String made =
        LuaDissector.of(
            new XdrDescription(resource("vaai_nas.x")), resource("vaai_nas.lua.template"));
    if (Boolean.getBoolean("facsim.write-dissector")) {
      Files.writeString(DISSECTOR, made);
    }
    assertThat(DISSECTOR).content().isEqualTo(made);
  }

  @Test
  void theDescriptionIsReadWhole() throws IOException {
    XdrDescription description = new XdrDescription(resource("vaai_nas.x"));

    assertThat(description.enums.get("vaai_status")).hasSize(VaaiStatus.values().length);
    assertThat(description.programs)
        .singleElement()
        .satisfies(
            program -> {
              assertThat(program.number()).isEqualTo(VaaiNas.PROGRAM);
              assertThat(program.versions().get(1).procedures())
                  .extracting(XdrDescription.Procedure::name)
                  .contains("VAAI_UNMAP_GRANULARITY", "VAAI_UNMAP");
            });
    assertThat(description.structs.get("vaai_support_args").get(1).enumeration())
        .contains("vaai_primitive");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = VaaiNas.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
