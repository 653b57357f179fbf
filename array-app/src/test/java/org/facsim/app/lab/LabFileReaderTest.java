/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.facsim.app.scenario.WrongFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lab files: what is drawn, and what an author is told of a wrong one. */
class LabFileReaderTest {
  private static final String GOOD =
      """
      title: A lab
      text: Look at ${vm} on ${host.1}
      vary:
        vm: [ada, bo, cy, dee]
        n: {from: 10, to: 99}
        host: [esx1, esx2]
      hosts:
        esx1: {}
        esx2: {}
      vms:
        ${vm}-${n}: {host: "${host.1}", disks: [{size: 16MiB, used: 4MiB}]}
      workload:
        "*": idle
      incident:
        cause: vss-siblings
        about: ${vm}-${n}
        begin:
          - host ${host.1} guest ${vm}-${n} write 1MiB
      solution:
        holds:
          - {fact: "vm.${vm}-${n}.power", is: "on"}
      """;

  private static LabFile read(String yaml, long seed) throws WrongFileException {
    return LabFileReader.read("lab", "lab.yaml", yaml, seed);
  }

  @Test
  void theSameSeedDrawsTheSameAndAnotherOneOther() throws Exception {
    Set<String> texts = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      LabFile lab = read(GOOD, seed);
      assertThat(read(GOOD, seed)).isEqualTo(lab);
      texts.add(lab.incident().orElseThrow().about());
      String vm = lab.site().virtualMachines().keySet().iterator().next();
      assertThat(lab.incident().orElseThrow().about()).isEqualTo(vm).matches("[a-z]+-[1-9]\\d");
      assertThat(lab.text()).contains(lab.site().virtualMachines().get(vm).host());
    }
    assertThat(texts).hasSizeGreaterThan(15);
  }

  @Test
  void aListIsDrawnAsAnOrderSoThatItsItemsDiffer() throws Exception {
    for (long seed = 0; seed < 20; seed++) {
      LabFile lab = read(GOOD.replace("esx2: {}", "esx2: {}\n  # ${host.2}"), seed);
      assertThat(lab.site().hosts()).containsOnlyKeys("esx1", "esx2");
    }
    LabFile lab =
        read(GOOD.replace("Look at ${vm} on ${host.1}", "${host} ${host.1} ${host.2}"), 3);
    List<String> hosts = Splitter.on(' ').splitToList(lab.text());
    assertThat(hosts.get(0)).isEqualTo(hosts.get(1)).isNotEqualTo(hosts.get(2));
  }

  @Test
  void oneNameMoreChangesNoOther() throws Exception {
    LabFile more = read(GOOD.replace("vary:\n", "vary:\n  aaa: [x, y, z]\n"), 5);
    assertThat(more.text()).isEqualTo(read(GOOD, 5).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "Look at ${vm} | Look at ${wm} | lab.yaml:2:",
        "Look at ${vm} | Look at ${wm} | ${wm} is not drawn; allowed: ",
        "cause: vss-siblings | cause: bad-luck | cause 'bad-luck'; allowed: vss-siblings, ",
        "about: ${vm}-${n} | about: nobody | host, VM or volume 'nobody' is not declared",
        "is: \"on\" | at-leats: 1 | 'at-leats' is no key here",
        "is: \"on\" | words: x | 0 comparisons; allowed: one of is, is-not, at-least",
        "\"*\": idle | \"*\": busy | no workload 'busy'; allowed: idle, database, log-writer",
        "- host ${host.1} | - hosts ${host.1} | allowed: host NAME COMMAND...",
        "title: A lab | titel: A lab | 'titel' is no key here; did you mean 'title'?; allowed: title, text, vary",
        "from: 10, to: 99 | from: 99, to: 10 | from 99 to 10; allowed: numbers, the smaller one",
        "from: 10, to: 99 | from: 10 | allowed: a list of texts, or {from: NUMBER, to: NUMBER}",
      })
  void whatIsWrongIsNamedWithWhatIsAllowed(String right, String wrong, String message) {
    assertThat(GOOD).contains(right);
    assertThatThrownBy(() -> read(GOOD.replace(right, wrong), 1))
        .isInstanceOf(WrongFileException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("lab.yaml:");
  }

  static List<String> shipped() {
    return ShippedLabs.NAMES;
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedLabCanBeReadWithAnySeed(String name) throws Exception {
    Set<String> drawn = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      LabFile lab = ShippedLabs.read(name, seed);
      assertThat(lab.title()).isNotBlank();
      lab.incident()
          .ifPresent(
              incident -> {
                drawn.add(incident.about() + lab.site().virtualMachines().keySet());
                assertThat(incident.steps()).isNotEmpty();
                assertThat(incident.wrong()).hasSizeGreaterThanOrEqualTo(2);
                // a VM that a trainee made and left off says nothing about those that must run
                assertThat(incident.holds()).noneMatch(wanted -> wanted.fact().contains("*"));
                assertThat(incident.hints()).hasSizeGreaterThanOrEqualTo(3);
              });
    }
    if (ShippedLabs.read(name, 1).incident().isPresent()) {
      assertThat(drawn).as("neighbours differ").hasSizeGreaterThan(30);
    }
  }

  @Test
  void anUnknownNameIsToldWhatThereIs() {
    assertThatThrownBy(() -> ShippedLabs.read("ridle", 1))
        .hasMessageContaining("ridle: there is no such file, and no such lab; allowed: a file, or ")
        .hasMessageContaining("riddle");
  }
}
