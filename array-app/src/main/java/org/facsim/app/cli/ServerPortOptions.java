/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.OptionalInt;
import org.facsim.app.doctor.ServerPorts;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a server's programs answer if not all of them do on the port of {@code --server}. */
final class ServerPortOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--mount-port",
      paramLabel = "PORT",
      description = "Where MOUNT answers, if not where NFS does.")
  private Integer mount;

  @Option(
      names = "--vaai-port",
      paramLabel = "PORT",
      description = "Where the clone protocol answers, if not where NFS does.")
  private Integer vaai;

  @Option(
      names = "--portmap",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "111",
      description =
          "Asks the server's port mapper, on 111 or this port, where NFS, MOUNT and the clone"
              + " protocol are, as hosts do.")
  private Integer portmap;

  ServerPorts read() {
    return new ServerPorts(
        port("--mount-port", mount), port("--vaai-port", vaai), port("--portmap", portmap));
  }

  private OptionalInt port(String option, Integer port) {
    if (port == null) {
      return OptionalInt.empty();
    }
    if (port < 1 || port > Converters.MAX_PORT) {
      throw new ParameterException(
          spec.commandLine(),
          "%s '%d'; allowed: 1 to %d".formatted(option, port, Converters.MAX_PORT));
    }
    return OptionalInt.of(port);
  }
}
