/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.facsim.app.ProfileFileTest;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String commandLine) {
    String[] arguments = commandLine.isEmpty() ? new String[0] : commandLine.split(" ");
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                  | facsim: a command is missing | serve, config, demo",
        "--frob                              | facsim: unknown option '--frob' | serve, config, demo",
        "frob                                | facsim: unexpected argument 'frob' | serve, config, demo",
        "serve --frob                        | facsim serve: unknown option '--frob' | --nfs-port",
        "demo --frob                         | facsim demo: unknown option '--frob' | --disk-size",
        "srve                                | facsim: unexpected argument 'srve'; did you mean 'serve'? | serve, config, demo",
        "serve --volme x=1GiB                | facsim serve: unknown option '--volme', 'x=1GiB'; did you mean '--volume'? | --volume",
        "check                               | facsim check: --data-dir DIR is missing | directory",
        "serve extra                         | facsim serve: unexpected argument 'extra' | --listen",
        "serve --nfs-port 65536              | facsim serve: --nfs-port: '65536' | 0 (a free one)",
        "serve --http-host a:80              | facsim serve: --http-host: 'a:80' is not | array.example",
        "serve --nfs-port=-1                 | facsim serve: --nfs-port: '-1' | to 65535",
        "serve --nfs-port                    | facsim serve: --nfs-port needs a value | PORT",
        "serve --volume a                    | facsim serve: --volume: 'a' is not | datastore1=40GiB",
        "serve --volume a=1KiB               | facsim serve: --volume: volume a | at least 1MiB",
        "serve --volume a=1GiB --volume a=2GiB | facsim serve: volume 'a' is there twice | once",
        "serve --volume profile=copying      | facsim serve: --volume: 'profile=copying' stands alone | NAME=SIZE,profile=PROFILE",
        "serve --nfs-port 0 --volume a=1GiB,profile=x | facsim serve: --vaai-profile: 'x' is no | sharing",
        "serve --volume a=1GiB,profile=copying --vaai-profile a=sharing | facsim serve: volume 'a' has two profiles, 'sharing' and 'copying' | one",
        "serve --export a                    | facsim serve: --export: 'a' is not NAME=RULES | ro",
        "serve --export a=*(rx)              | facsim serve: --export: 'rx' is no export | rw",
        "serve --export a=host               | facsim serve: --export: 'host' is no | ADDRESS/BITS",
        "serve --idle-timeout 5              | facsim serve: --idle-timeout: '5' is not | 6m",
        "serve --config                      | facsim serve: --config needs a value | FILE",
        "serve --listen no.such.invalid      | facsim serve: 'no.such.invalid' | 127.0.0.1",
        "probe --host no.such.invalid       | facsim probe: 'no.such.invalid' | 127.0.0.1",
        "serve --vaai-profile datastore1=x   | facsim serve: --vaai-profile: 'x' is no | sharing",
        "serve --nfs-port 0 --vaai-profile d=off | facsim serve: VAAI profile for 'd' | datastore1",
        "profiles x                          | facsim profiles: 'x' is no profile | a YAML file",
        "stats --watch=abc                   | facsim stats: --watch: 'abc' | true or false",
        "journal verify --procedure WRITE    | facsim journal verify: an option is missing | --exactly",
        "demo --disk-size 1023KiB            | facsim demo: --disk-size: 1047552 | 1MiB to 844GiB",
        "demo --disk-size 845GiB             | facsim demo: --disk-size: 907 | 1MiB to 844GiB",
        "demo --disk-size huge               | facsim demo: --disk-size: 'huge' | 16.5GiB",
      })
  void wrongUsageIsOneLineThatNamesItAndWhatIsAllowed(
      String commandLine, String wrong, String allowed) {
    assertThat(run(commandLine)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith(wrong);
    String afterAllowed = err.toString().substring(err.toString().indexOf("allowed: "));
    assertThat(afterAllowed).contains(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "serve ", "demo ", "probe "})
  void helpIsThereOnEveryLevel(String command) {
    assertThat(run(command + "--help")).isEqualTo(0);
    assertThat(out.toString()).startsWith("Usage: facsim " + command);
    assertThat(err.toString()).isEmpty();
  }

  /** A list of commands shows the first line of each description, so that must say it all. */
  @Test
  void whatIsListedOfACommandIsAWholeSentenceAndEveryArgumentIsExplained() {
    for (CommandLine each : allCommands()) {
      CommandSpec spec = each.getCommandSpec();
      assertThat(spec.usageMessage().description()[0]).as(spec.qualifiedName()).endsWith(".");
      for (ArgSpec argument : spec.args()) {
        assertThat(String.join("", argument.description()))
            .as("%s %s", spec.qualifiedName(), argument.paramLabel())
            .isNotBlank();
      }
    }
  }

  /** Each element of a description begins a line of its own, so it must not end in a sentence. */
  @Test
  void noLineOfAHelpTextEndsInTheMiddleOfASentenceForNoReason() {
    for (CommandLine each : allCommands()) {
      CommandSpec spec = each.getCommandSpec();
      assertWholeSentences(spec.qualifiedName(), spec.usageMessage().description());
      for (ArgSpec argument : spec.args()) {
        assertWholeSentences(
            spec.qualifiedName() + " " + argument.paramLabel(), argument.description());
      }
      each.setUsageHelpAutoWidth(false).setUsageHelpWidth(80);
      assertThat(each.getUsageMessage().lines())
          .as(spec.qualifiedName())
          .allMatch(line -> line.length() <= 80);
      String words = each.getUsageMessage().replaceAll("\\s+", "");
      for (ArgSpec argument : spec.args()) {
        String first = argument.description()[0].replaceAll("[$%].*|\\s+", "");
        assertThat(words).as("%s %s", spec.qualifiedName(), argument.paramLabel()).contains(first);
      }
    }
  }

  private static void assertWholeSentences(String of, String... lines) {
    for (int i = 0; i + 1 < lines.length; i++) {
      String line = lines[i];
      boolean isList = lines[i + 1].startsWith(" ");
      if (!line.isBlank() && !lines[i + 1].isBlank() && !isList) {
        assertThat(line).as(of).matches("(?s).*[.](%n)?");
      }
    }
  }

  private List<CommandLine> allCommands() {
    CommandLine facsim =
        Main.configured(
            new FacsimCommand(), new PrintWriter(out, true), new PrintWriter(err, true));
    List<CommandLine> commands = new ArrayList<>(List.of(facsim));
    for (int i = 0; i < commands.size(); i++) {
      commands.addAll(commands.get(i).getSubcommands().values());
    }
    assertThat(commands).hasSizeGreaterThan(15);
    return commands;
  }

  @Test
  void shortOptionsAreThoseThatPeopleTry() {
    assertThat(run("serve -p 70000")).isEqualTo(2);
    assertThat(err.toString()).startsWith("facsim serve: --nfs-port: '70000'");
    err.getBuffer().setLength(0);
    assertThat(run("serve -v a=1GiB -v a=2GiB")).isEqualTo(2);
    assertThat(err.toString()).startsWith("facsim serve: volume 'a' is there twice");
    for (String config : List.of("-c /nope", "-c=/nope", "-c/nope")) {
      err.getBuffer().setLength(0);
      assertThat(run("serve " + config)).isEqualTo(2);
      assertThat(err.toString()).startsWith("facsim serve: /nope: cannot be read");
    }
    err.getBuffer().setLength(0);
    assertThat(run("check -d /nope")).isEqualTo(2);
    assertThat(err.toString()).contains("/nope");
  }

  @Test
  void everyProfileIsListedAndPrintedAsTheYamlThatMakesIt() {
    assertThat(run("profiles")).isEqualTo(0);
    assertThat(out.toString().lines()).hasSameSizeAs(NamedProfiles.all());
    for (ArrayProfile profile : NamedProfiles.all()) {
      out.getBuffer().setLength(0);
      assertThat(run("profiles " + profile.name())).isEqualTo(0);
      assertThat(ProfileFileTest.parse(out.toString())).isEqualTo(profile);
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void helpIsACommandToo() {
    assertThat(run("help")).isEqualTo(0);
    assertThat(out.toString()).startsWith("Usage: facsim ");
    assertThat(run("help serve")).isEqualTo(0);
    assertThat(out.toString()).contains("Usage: facsim serve");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void versionNamesProgramAndJava() {
    assertThat(run("--version")).isEqualTo(0);
    assertThat(out.toString()).startsWith("facsim ").contains("Java ");
  }
}
