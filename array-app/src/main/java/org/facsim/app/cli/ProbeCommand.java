/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.facsim.embedded.FacsimArray;
import org.facsim.embedded.NfsNullProbe;
import org.facsim.protocol.net.IpAddresses;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code facsim probe}: tells whether an NFS server answers, for health checks and scripts. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class,
    description = {
      "Asks an NFSv3 server for nothing and says by its exit code if it answered.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:it answered", "1:it did not, for the reason on stderr", "2:wrong usage"})
final class ProbeCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  @Spec private CommandSpec spec;

  @Option(
      names = {"-p", "--nfs-port"},
      paramLabel = "PORT",
      converter = Converters.Port.class,
      defaultValue = "${env:FACSIM_NFS_PORT:-2049}",
      description = "TCP port to ask. Default: FACSIM_NFS_PORT, else 2049")
  private int nfsPort;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Whom to ask. Default: ${DEFAULT-VALUE}")
  private String host;

  @Override
  public Integer call() throws CommandFailedException {
    InetSocketAddress server = server();
    try {
      NfsNullProbe.await(server, TIMEOUT);
    } catch (IOException e) {
      throw new CommandFailedException(
          FacsimArray.hostAndPort(server) + " does not answer NFS: " + e.getMessage(), e);
    }
    return CommandLine.ExitCode.OK;
  }

  private InetSocketAddress server() {
    try {
      return new InetSocketAddress(IpAddresses.resolve(host, TIMEOUT), nfsPort);
    } catch (UnknownHostException e) {
      throw new ParameterException(
          spec.commandLine(),
          "'" + host + "' is not an address; allowed: a host such as 127.0.0.1",
          e);
    }
  }
}
