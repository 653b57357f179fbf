/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestTable;

/**
 * Examines a datastore. Looks over the wire, and adds what others tell: the array over HTTP, a
 * lab's host.
 */
public final class Doctor {
  private final InetSocketAddress server;
  private final String export;
  private final HostView host;
  private Optional<Facts.ArrayView> array = Optional.empty();
  private Optional<Facts.HostMount> mount = Optional.empty();
  private Optional<To> to = Optional.empty();
  private ServerPorts ports = ServerPorts.ONE;
  private LookPatience patience = LookPatience.OF_PEOPLE;

  private record To(InetSocketAddress server, String export) {}

  /**
   * A doctor for one datastore.
   *
   * @param server where NFS, MOUNT and VAAI answer on one port, see {@link #withPorts}
   * @param export such as {@code /datastore1}
   * @param hostName in the calls (AUTH_SYS machine name)
   * @param version of the host, for what it can quiesce
   * @param guests how it quiesces them
   */
  public Doctor(
      InetSocketAddress server,
      String export,
      String hostName,
      EsxiVersion version,
      GuestTable guests) {
    this.server = Objects.requireNonNull(server);
    this.export = Objects.requireNonNull(export);
    this.host = new HostView(hostName, version, guests);
  }

  /**
   * What the array tells over HTTP: the volume's profile by field, and the fault rules in words.
   */
  public Doctor withArray(
      String profile, Map<String, String> fields, Optional<List<String>> faults) {
    array = Optional.of(new Facts.ArrayView(profile, Map.copyOf(fields), faults.map(List::copyOf)));
    return this;
  }

  /** Not all programs answer on one port. */
  public Doctor withPorts(ServerPorts others) {
    ports = Objects.requireNonNull(others);
    return this;
  }

  /** Waits for the server as long as this. */
  Doctor waiting(LookPatience other) {
    patience = Objects.requireNonNull(other);
    return this;
  }

  /** Where clones are to go. */
  public Doctor withDestination(InetSocketAddress otherServer, String otherExport) {
    to = Optional.of(new To(otherServer, otherExport));
    return this;
  }

  /** How a lab's host that has mounted the datastore sees it. */
  public Doctor withMount(boolean isAccessible, String hardwareAcceleration) {
    mount = Optional.of(new Facts.HostMount(isAccessible, hardwareAcceleration));
    return this;
  }

  /** Looks and judges. Takes little more than a minute, whatever the server does. */
  public DoctorReport examine() {
    WireLook.Server looked = new WireLook.Server(server, ports, patience);
    Facts facts = WireLook.at(looked, export, host, RandomGenerator.getDefault());
    facts.array = array;
    facts.mount = mount;
    facts.destination =
        to.map(
            other -> {
              boolean isSame = other.server.equals(server);
              return new Facts.Destination(
                  FacsimArray.hostAndPort(other.server),
                  other.export,
                  isSame,
                  isSame ? WireLook.problemOf(looked, other.export, host) : Optional.empty());
            });
    return new DoctorReport(facts.server, export, host.name(), Diagnosis.of(facts, host));
  }
}
