/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import com.google.common.base.Splitter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.console.CommandLine.Option;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreStatus;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.datastore.MountVersion;
import org.facsim.hypervisor.datastore.PathState;

/**
 * {@code esxcli storage nfs ...} or {@code esxcli storage nfs41 ...}, and the NAS analogue of
 * {@code ... device vaai status get}. Each namespace shows and changes the datastores of its
 * version.
 */
final class EsxcliNfs {
  private static final Option HOST = Option.value("H", "host");
  private static final Option HOSTS = Option.value("H", "hosts");
  private static final Option SECURITY = Option.value("a", "sec");
  private static final String AUTH_SYS = "AUTH_SYS";
  private static final Option SHARE = Option.value("s", "share");
  private static final Option VOLUME = Option.value("v", "volume-name");
  private static final Option CONNECTIONS = Option.value("c", "connections");
  private static final Option READ_ONLY = Option.flag("r", "readonly");
  private static final Option DEVICE = Option.value("d", "device");
  private static final Option NAME = Option.value("n", "volume");

  /** What the field prints before the reason of a failure in the kernel. */
  private static final String SYSINFO =
      "Unable to complete Sysinfo operation.  Please see the VMkernel log file for more details.:"
          + " Sysinfo error: ";

  private final SimulatedHost host;
  private final ServerNames servers;
  private final MountVersion version;

  EsxcliNfs(SimulatedHost host, ServerNames servers, MountVersion version) {
    this.host = host;
    this.servers = servers;
    this.version = version;
  }

  private List<Datastore> datastores() {
    return host.datastores().stream().filter(each -> each.version() == version).toList();
  }

  String list(List<String> arguments) {
    CommandLine.read(arguments, 1).withoutOperands(1);
    return switch (version) {
      case NFS3 -> list3();
      case NFS41 -> list41();
    };
  }

  private String list3() {
    TextTable table =
        new TextTable(
            "Volume Name",
            "Host",
            "Share",
            "Vmknic",
            "Accessible",
            "Mounted",
            "Connections",
            "Read-Only",
            "isPE",
            "Hardware Acceleration");
    for (Datastore datastore : datastores()) {
      DatastoreStatus status = datastore.status();
      table.row(
          status.label(),
          servers.nameOf(status.server()),
          status.export(),
          "None",
          status.accessible(),
          true,
          status.connections(),
          status.readOnly(),
          false,
          status.hardwareAcceleration().label());
    }
    return table.toString();
  }

  private String list41() {
    TextTable table =
        new TextTable(
            "Volume Name",
            "Host(s)",
            "Share",
            "Vmknics",
            "Accessible",
            "Mounted",
            "Connections",
            "Read-Only",
            "Security",
            "isPE",
            "Hardware Acceleration");
    for (Datastore datastore : datastores()) {
      DatastoreStatus status = datastore.status();
      table.row(
          status.label(),
          datastore.servers().stream().map(servers::nameOf).collect(Collectors.joining(",")),
          status.export(),
          "None",
          status.accessible(),
          true,
          status.connections(),
          status.readOnly(),
          AUTH_SYS,
          false,
          status.hardwareAcceleration().label());
    }
    return table.toString();
  }

  String add(List<String> arguments) {
    CommandLine line =
        switch (version) {
          case NFS3 -> CommandLine.read(arguments, 1, HOST, SHARE, VOLUME, CONNECTIONS, READ_ONLY);
          case NFS41 ->
              CommandLine.read(
                  arguments, 1, HOSTS, SHARE, VOLUME, CONNECTIONS, READ_ONLY, SECURITY);
        };
    line = line.withoutOperands(1);
    String server = line.required(version == MountVersion.NFS3 ? HOST : HOSTS);
    String share = line.required(SHARE);
    String label = line.required(VOLUME);
    if (line.value(SECURITY).filter(named -> !named.equals(AUTH_SYS)).isPresent()) {
      throw new CommandFailure(
          1,
          "Error: Value of -a|--sec is '%s'; allowed: AUTH_SYS"
              .formatted(line.value(SECURITY).orElseThrow()));
    }
    try {
      MountOptions mount = options(label, server, share);
      if (line.has(CONNECTIONS)) {
        mount = mount.withConnections(count(line));
      }
      var unused = host.mount(line.has(READ_ONLY) ? mount.asReadOnly() : mount);
      return "";
    } catch (IllegalArgumentException refused) {
      throw new CommandFailure(1, "Error: " + refused.getMessage());
    } catch (DatastoreException failed) {
      throw inKernel(failed);
    }
  }

  private MountOptions options(String label, String server, String share) {
    if (version == MountVersion.NFS3) {
      return MountOptions.of(label, servers.resolve(server), share);
    }
    List<InetSocketAddress> all =
        Splitter.on(',').splitToStream(server).map(servers::resolve).toList();
    return MountOptions.of(label, all.get(0), share).overNfs41(all.subList(1, all.size()));
  }

  private static int count(CommandLine line) {
    long count = line.number(CONNECTIONS, 1).orElseThrow();
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw new CommandFailure(
          1, "Error: Value of -c|--connections is " + count + "; allowed: 1 and more");
    }
    return (int) count;
  }

  private static CommandFailure inKernel(DatastoreException failed) {
    String what =
        switch (failed.error()) {
          case ALREADY_EXISTS -> "Already exists: ";
          case NOT_FOUND -> "Not found: ";
          case BUSY -> "Busy: ";
          default -> "Unable to connect to NFS server: ";
        };
    return new CommandFailure(
        1, SYSINFO + what + failed.getMessage().replaceFirst("^[a-z]+(\\.\\w+)+: ", ""));
  }

  String remove(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, VOLUME).withoutOperands(1);
    String label = line.required(VOLUME);
    requireVolume(label);
    try {
      host.unmount(label);
      return "";
    } catch (DatastoreException failed) {
      throw inKernel(failed);
    }
  }

  private Datastore requireVolume(String label) {
    return host.datastore(label)
        .filter(each -> each.version() == version)
        .orElseThrow(
            () ->
                new CommandFailure(
                    1,
                    "Error: No %s volume '%s'; volumes: %s"
                        .formatted(
                            version == MountVersion.NFS3 ? "NFS" : "NFS41", label, labels())));
  }

  private String labels() {
    List<String> labels = datastores().stream().map(Datastore::name).toList();
    return labels.isEmpty() ? "none" : String.join(", ", labels);
  }

  String getParameters(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, VOLUME, NAME).withoutOperands(1);
    TextTable table = new TextTable("Volume Name", "Connections");
    String label = line.value(VOLUME).or(() -> line.value(NAME)).orElse("all");
    List<Datastore> shown = label.equals("all") ? datastores() : List.of(requireVolume(label));
    shown.forEach(each -> table.row(each.name(), each.status().connections()));
    return table.toString();
  }

  String setParameters(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, VOLUME, CONNECTIONS).withoutOperands(1);
    String label = line.required(VOLUME);
    line.required(CONNECTIONS);
    requireVolume(label);
    try {
      host.setConnections(label, count(line));
      return "";
    } catch (IllegalArgumentException refused) {
      throw new CommandFailure(1, "Error: " + refused.getMessage());
    } catch (DatastoreException failed) {
      throw inKernel(failed);
    }
  }

  private Datastore ofAnyVersion(String label) {
    return host.datastore(label)
        .orElseThrow(
            () ->
                new CommandFailure(
                    1,
                    "Error: No NFS volume '" + label + "'; volumes: " + ConsolePath.labels(host)));
  }

  /** What the array says of each primitive; asks it, if the path works and nobody has asked yet. */
  String vaaiStatus(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, DEVICE).withoutOperands(1);
    List<Datastore> shown =
        line.value(DEVICE).map(label -> List.of(ofAnyVersion(label))).orElse(host.datastores());
    StringBuilder text = new StringBuilder();
    for (Datastore datastore : shown) {
      HardwareAcceleration answer =
          datastore.pathState() == PathState.ACCESSIBLE
              ? datastore.hardwareAcceleration()
              : HardwareAcceleration.unavailable("the datastore is not accessible");
      text.append(datastore.name()).append('\n');
      text.append("   VAAI Plugin Name: facsim\n");
      append(text, "Full File Clone", answer.fullFileClone());
      append(text, "Fast File Clone", answer.fastFileClone());
      append(text, "Extended Statistics", answer.extendedStatistics());
      append(text, "Reserve Space", answer.reserveSpace());
      append(text, "Unmap", answer.unmap());
      if (answer.unavailable() != null) {
        text.append("   Unavailable: ").append(answer.unavailable()).append('\n');
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String primitive, boolean isSupported) {
    text.append("   ").append(primitive).append(" Status: ");
    text.append(isSupported ? "supported" : "unsupported").append('\n');
  }
}
