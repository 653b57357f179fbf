/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.facsim.app.lab.Lab;
import org.facsim.app.lab.ShippedLabs;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.management.HttpManagement;
import org.facsim.management.LabView;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Every incident that ships, as a trainee meets it: command lines only. Each is solved by the
 * documented path, each wrong fix scores as wrong, and a reset leads back to where it began.
 */
class LabIncidentsTest {
  static List<String> incidents() {
    return ShippedLabs.all().stream()
        .filter(ShippedLabs.Shipped::isIncident)
        .map(ShippedLabs.Shipped::name)
        .toList();
  }

  private String http;

  @ParameterizedTest
  @MethodSource("incidents")
  void isSolvedByTheDocumentedPathAndByNoWrongFix(String name) throws Exception {
    ListAppender<ILoggingEvent> defects = new ListAppender<>();
    defects.start();
    Logger connections = (Logger) LoggerFactory.getLogger("org.facsim.protocol.rpc.RpcServer");
    connections.addAppender(defects);
    try {
      play(name);
    } finally {
      connections.detachAppender(defects);
    }
    assertThat(defects.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }

  private void play(String name) throws Exception {
    HostTime time = new QuickTime();
    Lab lab = Lab.read(name, 7, time);
    ArrayBuilder builder = FacsimArray.builder().nfsPort(0).seed(7);
    lab.applyTo(builder, 0);
    try (FacsimArray array = builder.management(HttpManagement.onPort(0).withLab(lab)).start();
        lab) {
      lab.start(array);
      http = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
      assertThat(lab.check().verdict()).isEqualTo("open");
      assertThat(lab.check().score()).isZero();
      List<String> arranged = lab.arranged();
      for (Map.Entry<String, List<String>> wrong : lab.wrongFixes().entrySet()) {
        for (String line : wrong.getValue()) {
          type(line, time);
        }
        LabView.Check check = lab.check();
        assertThat(check.verdict()).as("%s: %s", wrong.getKey(), check.text()).isEqualTo("wrong");
        assertThat(check.score()).as(wrong.getKey()).isLessThanOrEqualTo(50);
        assertThat(type("facsim lab check", time)).as(wrong.getKey()).isEqualTo(1);
        lab.reset(true);
        assertThat(lab.arranged()).as("reset after %s", wrong.getKey()).isEqualTo(arranged);
        assertThat(lab.check().verdict()).isEqualTo("open");
      }
      for (String line : lab.solution()) {
        type(line, time);
      }
      LabView.Check check = lab.check();
      assertThat(check.verdict()).as(check.text().toString()).isEqualTo("solved");
      assertThat(check.score()).as(check.text().toString()).isGreaterThanOrEqualTo(90);
      assertThat(type("facsim lab check", time)).isZero();
      lab.reset(true);
      assertThat(lab.arranged()).isEqualTo(arranged);
      assertThat(lab.check().score()).isZero();
    }
  }

  /** Types a command line; what it prints is shown if the test fails. */
  private int type(String line, HostTime time) throws InterruptedException {
    List<String> words = new ArrayList<>(Lab.words(line));
    if (words.get(0).equals("sleep")) {
      time.sleep(Duration.ofSeconds(Long.parseLong(words.get(1))));
      return 0;
    }
    assertThat(words.remove(0)).isEqualTo("facsim");
    int options = List.of("host", "why", "stats").contains(words.get(0)) ? 1 : 2;
    words.addAll(options, List.of("--http", http));
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out, true);
    int exitCode = Main.run(printer, printer, words.toArray(String[]::new));
    System.out.println("$ " + line + " -> " + exitCode + "\n" + out);
    return exitCode;
  }
}
