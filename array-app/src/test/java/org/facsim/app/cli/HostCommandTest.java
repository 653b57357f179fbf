/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.facsim.management.LabDoor;
import org.facsim.management.LabRefusal;
import org.facsim.management.LabView.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code facsim host}: passes a command line on as it is, and ends as the command ended. */
class HostCommandTest {
  private final List<String> typed = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FacsimArray array;

  @BeforeEach
  void start() throws Exception {
    LabDoor lab =
        (LabDoor)
            Proxy.newProxyInstance(
                LabDoor.class.getClassLoader(),
                new Class<?>[] {LabDoor.class},
                (proxy, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("command");
                  if (!arguments[0].equals("esx1")) {
                    throw new LabRefusal(
                        LabRefusal.Kind.NOT_FOUND, "no host '" + arguments[0] + "'; allowed: esx1");
                  }
                  ((List<?>) arguments[1]).forEach(each -> typed.add((String) each));
                  return CompletableFuture.completedFuture(new Outcome(3, "out\n", "err\n"));
                });
    array =
        FacsimArray.builder().nfsPort(0).management(HttpManagement.onPort(0).withLab(lab)).start();
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private int run(String... words) {
    List<String> line = new ArrayList<>(List.of("host", "--http"));
    line.add(FacsimArray.hostAndPort(array.managementAddress().orElseThrow()));
    line.addAll(List.of(words));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), line.toArray(String[]::new));
  }

  @Test
  void passesOptionsOnAndEndsWithTheExitCodeOfTheCommand() {
    assertThat(run("esx1", "esxcli", "-v", "--help", "--", "a b", "")).isEqualTo(3);
    assertThat(typed).containsExactly("esxcli", "-v", "--help", "--", "a b", "");
    assertThat(out.toString()).isEqualTo("out\n");
    assertThat(err.toString()).isEqualTo("err\n");
  }

  @Test
  void anUnknownHostIsWrongUsage() {
    assertThat(run("esx9", "ls")).isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo("facsim host: no host 'esx9'; allowed: esx1");
    assertThat(typed).isEmpty();
  }

  @Test
  void aMissingCommandIsWrongUsage() {
    assertThat(run("esx1")).isEqualTo(2);
    assertThat(err.toString()).contains("COMMAND");
  }
}
