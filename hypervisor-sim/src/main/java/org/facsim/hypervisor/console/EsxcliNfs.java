/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.List;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.console.CommandLine.Option;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreStatus;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.datastore.PathState;

/** {@code esxcli storage nfs ...}, and the NAS analogue of {@code ... device vaai status get}. */
final class EsxcliNfs {
  private static final Option HOST = Option.value("H", "host");
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

  EsxcliNfs(SimulatedHost host, ServerNames servers) {
    this.host = host;
    this.servers = servers;
  }

  String list(List<String> arguments) {
    CommandLine.read(arguments, 1).withoutOperands(1);
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
    for (Datastore datastore : host.datastores()) {
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

  String add(List<String> arguments) {
    CommandLine line =
        CommandLine.read(arguments, 1, HOST, SHARE, VOLUME, CONNECTIONS, READ_ONLY)
            .withoutOperands(1);
    String server = line.required(HOST);
    String share = line.required(SHARE);
    String label = line.required(VOLUME);
    try {
      MountOptions mount = MountOptions.of(label, servers.resolve(server), share);
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
        .orElseThrow(
            () ->
                new CommandFailure(
                    1,
                    "Error: No NFS volume '" + label + "'; volumes: " + ConsolePath.labels(host)));
  }

  String getParameters(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, VOLUME, NAME).withoutOperands(1);
    TextTable table = new TextTable("Volume Name", "Connections");
    String label = line.value(VOLUME).or(() -> line.value(NAME)).orElse("all");
    List<Datastore> shown = label.equals("all") ? host.datastores() : List.of(requireVolume(label));
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

  /** What the array says of each primitive; asks it, if the path works and nobody has asked yet. */
  String vaaiStatus(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, DEVICE).withoutOperands(1);
    List<Datastore> shown =
        line.value(DEVICE).map(label -> List.of(requireVolume(label))).orElse(host.datastores());
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
