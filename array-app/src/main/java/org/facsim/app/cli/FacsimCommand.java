/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The program without a command: {@code --help}, {@code --version}. */
@Command(
    name = "facsim",
    description = {
      "An NFS storage array with copy-on-write clones and a VAAI-NAS door, and simulated ESXi"
          + " hosts.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    subcommands = {
      ServeCommand.class,
      ConfigCommand.class,
      DemoCommand.class,
      ScenarioCommand.class,
      CheckCommand.class,
      StatsCommand.class,
      WhyCommand.class,
      DoctorCommand.class,
      CertifyCommand.class,
      CompareCommand.class,
      VolumesCommand.class,
      VmCommand.class,
      CloneCommand.class,
      SnapshotCommand.class,
      SpaceCommand.class,
      StatesCommand.class,
      ExportsCommand.class,
      LocksCommand.class,
      EventsCommand.class,
      JournalCommand.class,
      FaultCommand.class,
      ProbeCommand.class,
      ProfilesCommand.class,
      LabCommand.class,
      HostCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "'facsim help COMMAND' or 'facsim COMMAND --help' explains a command.",
      "FACSIM_JAVA_OPTS adds options for the JVM, FACSIM_LOG_LEVEL=DEBUG shows more on stderr."
    })
final class FacsimCommand extends CommandGroup {
  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = FacsimCommand.class.getPackage().getImplementationVersion();
      return new String[] {
        "facsim " + Objects.requireNonNullElse(version, "(unpackaged)") + commit(),
        "Java " + System.getProperty("java.runtime.version") + ", picocli " + CommandLine.VERSION
      };
    }

    /** Of which commit the program was built; nothing if it was built without git. */
    private static String commit() {
      try (InputStream manifest =
          FacsimCommand.class.getResourceAsStream("/" + JarFile.MANIFEST_NAME)) {
        String commit =
            manifest == null
                ? null
                : new Manifest(manifest).getMainAttributes().getValue("Implementation-Commit");
        return commit == null || commit.startsWith("$") ? "" : " (commit " + commit + ")";
      } catch (IOException e) {
        return "";
      }
    }
  }
}
