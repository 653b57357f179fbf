/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ServeConfigurationTest {
  private static final Set<String> OPTIONS = Set.of("nfs-port", "listen");

  private static ServeConfiguration parse(String yaml) throws ConfigException {
    return ServeConfiguration.parse("f.yaml", yaml, OPTIONS);
  }

  @Test
  void optionsVolumesAndExportsAreRead() throws ConfigException {
    ServeConfiguration read =
        parse(
            """
            # a lab
            listen: 0.0.0.0
            nfs-port: 12049
            volumes:
              - name: datastore1
                size: 40GiB
                exports:
                  - 10.0.0.0/8(rw)
                  - "*(ro,root_squash)"
              - name: scratch
                size: 1TiB
              - {name: templates, size: 2GiB, exports: "10.0.0.0/8(ro) 192.0.2.1"}
              - {name: closed, size: 1GiB, exports: []}
            """);
    assertThat(read.options())
        .isEqualTo(
            Map.of(
                "listen", new ServeConfiguration.Value("0.0.0.0", "f.yaml:2:9: listen"),
                "nfs-port", new ServeConfiguration.Value("12049", "f.yaml:3:11: nfs-port")));
    assertThat(read.volumes())
        .containsExactly(
            new VolumeSpec("datastore1", 40 * ByteSize.GIB),
            new VolumeSpec("scratch", ByteSize.TIB),
            new VolumeSpec("templates", 2 * ByteSize.GIB),
            new VolumeSpec("closed", ByteSize.GIB));
    assertThat(read.exports())
        .isEqualTo(
            Map.of(
                "datastore1", ExportSyntax.parseRules("10.0.0.0/8(rw) *(ro,root_squash)"),
                "templates", ExportSyntax.parseRules("10.0.0.0/8(ro) 192.0.2.1"),
                "closed", List.of()));
    assertThat(parse("")).isEqualTo(ServeConfiguration.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "prot: 1|f.yaml:1:1: unknown field prot; allowed: listen, nfs-port, volumes",
        "listen: a~nfs-port: [1]|f.yaml:2:11: nfs-port is no value",
        "listen: a~listen: b|f.yaml:2:",
        "- a|f.yaml:1:1: the file has no fields",
        "volumes: 7|f.yaml:1:10: volumes is no list",
        "volumes:~ - 7|f.yaml:2:4: volumes[0] has no fields; allowed: exports, name, size",
        "volumes:~ - name: a|f.yaml:2:4: volumes[0] has no size",
        "volumes:~ - name: a~   size: 1KiB|f.yaml:2:10: volumes[0]: volume a of 1024 bytes is too",
        "volumes:~ - name: a~   size: lots|f.yaml:3:10: volumes[0].size: 'lots' is not a size",
        "volumes:~ - name: .a~   size: 1GiB|f.yaml:2:10: volumes[0]: '.a' is not a volume name",
        "volumes:~ - name: a~   size: 1GiB~   quota: 7|f.yaml:4:4: unknown field volumes[0].quota",
        "volumes:~ - {name: a, size: 1GiB}~ - {name: a, size: 1GiB}|f.yaml:3:11: volumes[1].name",
        "volumes:~ - name: a~   size: 1GiB~   exports:~   - \\*~   - \\*(rx)|f.yaml:6:6: volumes[0].exports[1]: 'rx' is no",
        "volumes:~ - name: a~   size: 1GiB~   exports: b.example|f.yaml:4:13: volumes[0].exports",
        "listen: &a b~nfs-port: *a|f.yaml:2:11: an alias",
        "listen: \\x|f.yaml:1:",
        "[|f.yaml:"
      })
  void anErrorNamesLineFieldAndWhatIsAllowed(String yaml, String said) {
    String text = yaml.replace('~', '\n').replace("\\*(rx)", "'*(rx)'").replace("\\*", "'*'");
    assertThatThrownBy(() -> parse(text.replace("\\x", "\"\\x\"")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(said)
        .hasMessageContaining("allowed: ");
  }

  @Test
  void theCommandLineBeatsTheEnvironmentAndThatTheFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("f.yaml"), "nfs-port: file\nlisten: file\n");
    // a wrong value is refused with the place that it comes from, so refusals tell which one counts
    assertThat(serve(Map.of(), "--config", file.toString()))
        .contains(file + ":1:11: nfs-port: 'file' is not a port");
    assertThat(serve(Map.of("FACSIM_CONFIG", file.toString())))
        .contains(file + ":1:11: nfs-port: 'file' is not a port");
    assertThat(serve(Map.of("FACSIM_NFS_PORT", "env"), "--config=" + file))
        .contains("FACSIM_NFS_PORT: 'env' is not a port");
    assertThat(serve(Map.of("FACSIM_NFS_PORT", "7"), "--config=" + file, "--nfs-port", "x"))
        .contains("--nfs-port: 'x' is not a port");
    assertThat(serve(Map.of("FACSIM_NFS_PORT", "7"), "--config=" + file))
        .contains("'file' is not an address");
    assertThat(serve(Map.of("FACSIM_VOLUME", "a=1GiB,b=no", "FACSIM_NFS_PORT", "0")))
        .contains("FACSIM_VOLUME: 'no' is not a size");
  }

  @Test
  void aFileThatIsNotThereIsWrongUsage() {
    assertThat(serve(Map.of(), "--config", "/no/such/file.yaml"))
        .isEqualTo(
            "facsim serve: /no/such/file.yaml: cannot be read: it does not exist; allowed: a file"
                + " of YAML in UTF-8\n");
  }

  @Test
  void rulesForNoVolumeAreWrongUsage() {
    assertThat(serve(Map.of(), "--nfs-port", "0", "--volume", "a=1GiB", "--export", "b=*(rw)"))
        .isEqualTo("facsim serve: export rules for 'b', which is no volume; allowed: a\n");
  }

  /** A mistyped one would else be as if it was not there. */
  @Test
  void variablesThatSetNothingAreToldWithWhatMayBeMeant() {
    CommandLine serve = new CommandLine(new ServeCommand());
    assertThat(
            UnknownVariables.in(
                Map.of(
                    "FACSIM_NFS_PROT", "1",
                    "FACSIM_NFS_PORT", "1",
                    "FACSIM_XYZZY", "",
                    "FACSIM_TOKEN", "t",
                    "FACSIM_LOG_LEVEL", "DEBUG",
                    "FACSIM_PORT_2049_TCP_ADDR", "10.0.0.1",
                    "FACSIM_SERVICE_HOST", "10.0.0.1",
                    "HOME", "/"),
                serve))
        .containsExactly(
            "FACSIM_NFS_PROT in the environment sets nothing; did you mean 'FACSIM_NFS_PORT'?",
            "FACSIM_XYZZY in the environment sets nothing; allowed: the options of 'facsim serve"
                + " --help' in capitals");
    StringWriter err = new StringWriter();
    Main.run(
        Map.of("FACSIM_JURNAL", "100"),
        new PrintWriter(new StringWriter()),
        new PrintWriter(err, true),
        "serve",
        "--nfs-port=x");
    assertThat(err.toString())
        .startsWith(
            "facsim serve: FACSIM_JURNAL in the environment sets nothing; did you mean"
                + " 'FACSIM_JOURNAL'?");
  }

  /** What is said on stderr by a command that must end with 2. */
  private static String serve(Map<String, String> environment, String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] arguments = new String[options.length + 1];
    arguments[0] = "serve";
    System.arraycopy(options, 0, arguments, 1, options.length);
    int exitCode =
        Main.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    assertThat(exitCode).as(err.toString()).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).hasSize(1);
    return err.toString();
  }
}
