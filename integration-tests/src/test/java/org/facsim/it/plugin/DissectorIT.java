/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.facsim.it.FacsimServer;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/wireshark/vaai_nas.lua in tshark: what the reference plugin sends and an array answers, as
 * the journal exports it.
 */
class DissectorIT {
  private static final Path DISSECTOR =
      Path.of("..", "docs", "wireshark", "vaai_nas.lua").toAbsolutePath().normalize();

  @TempDir private static Path folder;
  private static FacsimServer server;
  private static Path packets;

  @BeforeAll
  static void cloneAndExport() {
    CBuild.assumeTools();
    assumeTrue(Processes.isInstalled("tshark"), "tshark is missing: apt-get install tshark");
    Path tool = CBuild.plugin(folder);
    server = FacsimServer.start("--http-port", "0", "--journal", "1000");
    Outcome doctor =
        Processes.facsim(
            "doctor", "--server", "127.0.0.1:" + server.port(), "--export", "/datastore1");
    assertThat(doctor.exitCode()).as("NFS and VAAI on one connection: %s", doctor).isZero();
    plugin(tool, 0, "support");
    plugin(tool, 1, "clone", "no-such-file", "copy");
    packets = folder.resolve("calls.pcapng");
    Outcome export =
        Processes.facsim(
            "journal", "export", "--http", server.httpAddress(), "--pcapng", packets.toString());
    assertThat(export.exitCode()).as("%s", export).isZero();
  }

  private static void plugin(Path tool, int exitCode, String... arguments) {
    List<String> command = new ArrayList<>(List.of(tool.toString()));
    command.addAll(List.of("-p", Integer.toString(server.port()), "-e", "/datastore1"));
    command.addAll(List.of(arguments));
    Outcome outcome = Processes.run(command);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(exitCode);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** The port is not that of NFS, so the calls themselves say what they are. */
  @Test
  void callsAndRepliesAreShownByName() {
    assertThat(tshark("-Y", "vaai_nas"))
        .contains(
            "VAAI_SESSION_START Call /datastore1",
            "VAAI_SUPPORT Reply VAAI_OK",
            "VAAI_CLONE Call no-such-file copy",
            "VAAI_CLONE Reply VAAI_ERR_NOENT",
            "VAAI_SESSION_END Reply VAAI_OK");
  }

  @Test
  void fieldsAndStatusesCanBeFiltered() {
    assertThat(
            tshark(
                "-Y",
                "vaai_nas.status == 2",
                "-T",
                "fields",
                "-e",
                "vaai_nas.procedure",
                "-e",
                "vaai_nas.version"))
        .isEqualTo("4\t\n");
    assertThat(tshark("-Y", "vaai_nas.support_args.primitive == 6", "-O", "vaai_nas"))
        .contains("primitive: VAAI_UNMAP_RANGES (6)", "Version: ");
  }

  /** With the port known, NFS beside the clone calls stays NFS. */
  @Test
  void nothingIsMalformedAndNfsStaysNfs() {
    String port = "vaai_nas.ports:" + server.port();
    assertThat(tshark("-o", port, "-Y", "vaai_nas.malformed || _ws.lua.error")).isEmpty();
    assertThat(tshark("-o", port, "-Y", "nfs || mount")).contains("V3 FSSTAT Call", "V3 MNT Call");
    assertThat(tshark("-o", port, "-Y", "vaai_nas")).contains("VAAI_CLONE Reply VAAI_ERR_NOENT");
  }

  private static String tshark(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of("tshark", "-X", "lua_script:" + DISSECTOR, "-r", packets.toString()));
    command.addAll(List.of(options));
    Outcome outcome = Processes.run(command);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.err()).doesNotContain("Lua:", "error");
    return outcome.out();
  }
}
