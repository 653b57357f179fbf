/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.management.DemoDoor;
import org.facsim.management.HttpDoorOptions;
import org.facsim.management.HttpManagement;
import org.facsim.management.HttpSecurity;
import org.facsim.management.LabDoor;
import org.facsim.protocol.net.IpAddresses;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code facsim serve} that say where it listens and how long it waits. */
final class NetworkOptions {
  /** Where the commands of the program look for the HTTP door. */
  private static final Integer LAB_HTTP_PORT = 8080;

  /** How long a name service may take to resolve a name. */
  private static final Duration RESOLVE_PATIENCE = Duration.ofSeconds(5);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-p", "--nfs-port"},
      paramLabel = "PORT",
      converter = Converters.Port.class,
      defaultValue = "2049",
      description = {
        "TCP port of NFS, MOUNT and VAAI, and UDP port of MOUNT; 0 picks a free one.",
        "Default: ${DEFAULT-VALUE}"
      })
  private int nfsPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = Converters.Port.class,
      description = {
        "Opens the HTTP door: VAAI calls as JSON, volumes, profiles, named states, metrics; see"
            + " /openapi.yaml there. 0 picks a free one. Without it there is none."
      })
  private Integer httpPort;

  @Option(
      names = "--http-listen",
      paramLabel = "ADDRESS",
      converter = Converters.LocalAddress.class,
      defaultValue = "127.0.0.1",
      description = {
        "Local address of the HTTP door; 0.0.0.0 means all. On another than a loopback address"
            + " clients need its token.",
        "Default: ${DEFAULT-VALUE}"
      })
  private String httpListen;

  @Option(
      names = "--http-host",
      paramLabel = "NAME",
      split = ",",
      converter = Converters.HostName.class,
      description = {
        "Name by which clients reach the HTTP door; may be repeated. Requests for another one are"
            + " refused, so that no web page reaches the array under a name of its own. Always allowed:"
            + " localhost, and the addresses that the door listens on."
      })
  private Set<String> httpHosts = Set.of();

  @Option(
      names = "--portmap-port",
      paramLabel = "PORT",
      converter = Converters.Port.class,
      description = {
        "Opens a port mapper (portmap, rpcbind) on this TCP and UDP port, so that clients find"
            + " NFS,"
            + " MOUNT and locks without being told ports; they look at 111, 0 picks a free one.",
        "Without it there is none."
      })
  private Integer portmapPort;

  @Option(
      names = "--register-with-rpcbind",
      arity = "0..1",
      paramLabel = "ADDRESS:PORT",
      fallbackValue = "127.0.0.1:111",
      converter = Converters.HostAndPort.class,
      description = {
        "Registers all programs with the rpcbind that runs on this host, until the end.",
        "Default of the value: 127.0.0.1:111"
      })
  private InetSocketAddress rpcbind;

  @Option(
      names = "--lock-grace",
      paramLabel = "SECONDS",
      converter = Converters.LockGrace.class,
      defaultValue = "45",
      description = {
        "How long after a restart on a data directory only locks of before are taken, if any were"
            + " held. With NFSv4 clients among those that held something it lasts 90 s at least,"
            + " and ends when all of them have reclaimed. Default: ${DEFAULT-VALUE}"
      })
  private int lockGraceSeconds;

  @Option(
      names = "--nsm-name",
      paramLabel = "NAME",
      defaultValue = "",
      description = {
        "Name or address by which clients know this array, told to them after a restart so that"
            + " they"
            + " reclaim their locks. Default: the address that each client reaches"
      })
  private String nsmName;

  @Option(
      names = {"-l", "--listen"},
      paramLabel = "ADDRESS",
      converter = Converters.LocalAddress.class,
      defaultValue = "127.0.0.1",
      description = {"Local address to listen on; 0.0.0.0 means all.", "Default: ${DEFAULT-VALUE}"})
  private String listen;

  @Option(
      names = "--idle-timeout",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      defaultValue = "6m",
      description =
          "Closes connections on which nothing moves for so long; 0 never. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration idleTimeout;

  /** The address on which NFS listens; its port may be 0. */
  InetSocketAddress nfsAddress() {
    return new InetSocketAddress(localAddress(listen), nfsPort);
  }

  /**
   * Passes all options to the builder.
   *
   * @param security who may use the HTTP door
   * @param demo can be started over HTTP
   * @throws ParameterException for an invalid address
   */
  void applyTo(ArrayBuilder builder, HttpSecurity security, DemoDoor demo) {
    applyTo(builder, httpPort, security, LabDoor.NONE, demo);
  }

  /** The same for a lab, which needs the HTTP door: it opens on 8080 if no port is given. */
  void applyTo(ArrayBuilder builder, HttpSecurity security, LabDoor lab) {
    Integer port = httpPort == null ? LAB_HTTP_PORT : httpPort;
    applyTo(builder, port, security, lab, DemoDoor.NONE);
  }

  private void applyTo(
      ArrayBuilder builder, Integer port, HttpSecurity security, LabDoor lab, DemoDoor demo) {
    builder.listen(localAddress(listen)).nfsPort(nfsPort).idleTimeout(idleTimeout);
    builder.lockGrace(Duration.ofSeconds(lockGraceSeconds)).nsmName(nsmName);
    if (port != null) {
      InetSocketAddress address = new InetSocketAddress(localAddress(httpListen), port);
      builder.management(
          new HttpManagement(HttpDoorOptions.listeningOn(address).withHostNames(httpHosts))
              .withSecurity(security)
              .withConfiguration(EffectiveSettings.shown(spec.commandLine()))
              .withLab(lab)
              .withDemo(demo));
    }
    if (portmapPort != null) {
      builder.portmapPort(portmapPort);
    }
    if (rpcbind != null) {
      builder.registerWith(rpcbind);
    }
  }

  private InetAddress localAddress(String text) {
    try {
      return IpAddresses.resolve(text, RESOLVE_PATIENCE);
    } catch (UnknownHostException e) {
      throw new ParameterException(
          spec.commandLine(),
          "'" + text + "' is not an address; allowed: a local address such as 127.0.0.1",
          e);
    }
  }
}
