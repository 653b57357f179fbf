/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.console.CommandOutcome;
import org.facsim.hypervisor.console.HostConsole;
import org.facsim.hypervisor.console.ServerNames;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.junit.jupiter.api.Test;

/**
 * Plays docs/host-commands.md: each command in it, in its order, on one host, must print exactly
 * what the document says, and end with the exit code that the document says. With {@code
 * -Dfacsim.write-host-commands=true} it writes the outputs into the document instead.
 */
class HostCommandsIT {
  private static final Path DOCUMENT = Path.of("..", "docs", "host-commands.md");
  private static final String BEGIN = "```console";
  private static final String END = "```";
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @Test
  void everyCommandPrintsWhatTheDocumentSays() throws IOException {
    String document = Files.readString(DOCUMENT);
    String played = play(document.lines().toList());
    if (Boolean.getBoolean("facsim.write-host-commands")) {
      Files.writeString(DOCUMENT, played);
    }
    assertThat(played).isEqualTo(document);
  }

  /** The document with the outputs of now. */
  private static String play(List<String> document) throws IOException {
    StringBuilder played = new StringBuilder();
    try (FacsimArray array =
            FacsimArray.builder()
                .volume("datastore1", 1L << 30)
                .volume("datastore2", 1L << 30)
                .nfsPort(0)
                .start();
        SimulatedHost host =
            new SimulatedHost(
                HostOptions.named("esx1")
                    .withVersion(EsxiVersion.V6_0)
                    .withTime(
                        SteppedTime.movedBySleepers(Instant.parse("2026-01-01T00:00:00Z"))))) {
      HostConsole console = new HostConsole(host, namesOf(array));
      boolean isConsole = false;
      for (String line : document) {
        boolean isOutput = isConsole && !line.startsWith("$ ") && !line.equals(END);
        if (isOutput) {
          continue;
        }
        played.append(line).append('\n');
        isConsole = line.equals(BEGIN) || (isConsole && !line.equals(END));
        if (isConsole && line.startsWith("$ ")) {
          played.append(output(console.run(words(line.substring(2)))));
          makeVmOnceMounted(host);
        }
      }
    }
    return played.toString();
  }

  private static ServerNames namesOf(FacsimArray array) {
    return new ServerNames() {
      @Override
      public InetSocketAddress resolve(String name) {
        return name.equals("array") ? array.nfsAddress() : ADDRESSES.resolve(name);
      }

      @Override
      public String nameOf(InetSocketAddress server) {
        return server.equals(array.nfsAddress()) ? "array" : ADDRESSES.nameOf(server);
      }
    };
  }

  private static void makeVmOnceMounted(SimulatedHost host) {
    if (host.operations().inventory().isEmpty() && host.datastore("ds1").isPresent()) {
      VirtualMachine vm =
          host.createVm(
              host.datastore("ds1").orElseThrow(),
              new VmSpec(
                  "vm1",
                  GuestOperatingSystem.WINDOWS_7,
                  GuestConfiguration.standard(),
                  List.of(new DiskSpec(64L << 20, 8L << 20)),
                  1));
      vm.powerOn();
      vm.writeGuestData(TransferProgress.NONE);
      vm.powerOff();
    }
  }

  private static String output(CommandOutcome outcome) {
    String printed = outcome.out() + outcome.err();
    return outcome.exitCode() == 0 ? printed : printed + "[exit code " + outcome.exitCode() + "]\n";
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return words;
  }
}
