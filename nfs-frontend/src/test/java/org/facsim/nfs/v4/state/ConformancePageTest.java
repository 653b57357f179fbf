/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.junit.jupiter.api.Test;

/**
 * That the tables of operations and attributes in docs/nfs-conformance.md are those of the door.
 */
class ConformancePageTest {
  private static final Path PAGE = Path.of("..", "docs", "nfs-conformance.md");

  /** RFC 8881 section 18: what minor version 1 no longer has. */
  private static final Set<Integer> GONE =
      Set.of(
          Op4.OPEN_CONFIRM,
          Op4.RENEW,
          Op4.SETCLIENTID,
          Op4.SETCLIENTID_CONFIRM,
          Op4.RELEASE_LOCKOWNER);

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  @Test
  void operationsAreThoseThatTheDoorPerforms() throws IOException {
    StringBuilder table = new StringBuilder("| operation | 4.0 | 4.1 | 4.2 |\n|---|---|---|---|\n");
    try (StateDoor door = new StateDoor()) {
      for (int number = Op4.ACCESS; number < Op4.END; number++) {
        table.append("| ").append(Op4.name(number)).append(" |");
        for (int minor = 0; minor <= Nfs4.MAX_MINOR_VERSION; minor++) {
          boolean performed = door.operations.performs(number, minor);
          String word =
              performed
                  ? "yes"
                  : minor > 0 && GONE.contains(number)
                      ? "gone"
                      : Op4.isDefined(number, minor) ? "NOTSUPP" : "";
          table.append(word.isEmpty() ? " |" : " " + word + " |");
        }
        table.append('\n');
      }
    }
    assertThat(page()).contains(table.toString());
  }

  @Test
  void attributesAreThoseThatTheDoorHas() throws Exception {
    TreeMap<Integer, String> names = new TreeMap<>();
    for (Field field : Attr4.class.getFields()) {
      if (!field.getName().equals("END")) {
        names.put(field.getInt(null), field.getName().toLowerCase(Locale.ROOT));
      }
    }
    StringBuilder table = new StringBuilder("| attribute | 4.0 | 4.1 | 4.2 |\n|---|---|---|---|\n");
    try (StateDoor door = new StateDoor()) {
      names.forEach(
          (number, name) -> {
            table.append("| ").append(name).append(" |");
            for (int minor = 0; minor <= Nfs4.MAX_MINOR_VERSION; minor++) {
              boolean reads = door.attributes.readable(minor).has(number);
              boolean writes = door.attributes.writable(minor).has(number);
              String word =
                  reads && writes
                      ? "read, set"
                      : reads ? "read" : writes ? "set" : number < Attr4.end(minor) ? "no" : "";
              table.append(word.isEmpty() ? " |" : " " + word + " |");
            }
            table.append('\n');
          });
    }
    assertThat(page()).contains(table.toString());
  }
}
