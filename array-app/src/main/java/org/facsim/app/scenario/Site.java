/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.facsim.hypervisor.datastore.MountVersion;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.GuestTable;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.services.access.ExportRule;
import org.facsim.services.offload.ArrayProfile;

/**
 * Arrays, hosts and virtual machines as a file declares them: what scenarios and labs begin with.
 * {@link SiteReader} reads it, {@link Stage} builds it. Every name that one part gives of another
 * is declared. The order is that of the file.
 *
 * @param guests those that hosts know: the shipped ones, with what the file changes and adds
 */
public record Site(
    Map<String, Array> arrays,
    Map<String, Host> hosts,
    GuestTable guests,
    Map<String, Vm> virtualMachines) {
  /** The most arrays, hosts and VMs. */
  public static final int MAX_ARRAYS = 8;

  public static final int MAX_HOSTS = 64;
  public static final int MAX_VMS = 4096;

  public Site {
    arrays = copy(arrays);
    hosts = copy(hosts);
    Objects.requireNonNull(guests);
    virtualMachines = copy(virtualMachines);
  }

  private static <T> Map<String, T> copy(Map<String, T> map) {
    return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /**
   * An array.
   *
   * @param durable whether it has a data directory, so that its power may fail
   * @param volumes at least one
   */
  public record Array(String name, boolean durable, Map<String, Volume> volumes) {
    public Array {
      volumes = copy(volumes);
    }
  }

  /**
   * A volume, exported as {@code /name}.
   *
   * @param sizeBytes its size; it is thin
   * @param rules who may use it, and how; empty for everyone
   */
  public record Volume(
      String name, long sizeBytes, ArrayProfile profile, Optional<List<ExportRule>> rules) {
    public Volume {
      Objects.requireNonNull(profile);
    }
  }

  /**
   * A host.
   *
   * @param connections TCP connections of a mount, unless the mount says otherwise
   * @param offloadPoweredOffOnly whether the array's plugin on the host offloads clones of VMs that
   *     are powered off only
   * @param settings advanced settings by name, such as {@code /NFS/MaxConnectionsPerDatastore}
   * @param mounts its datastores by name
   */
  public record Host(
      String name,
      EsxiVersion version,
      int connections,
      boolean offloadPoweredOffOnly,
      Map<String, Long> settings,
      Map<String, Mount> mounts) {
    public Host {
      settings = copy(settings);
      mounts = copy(mounts);
    }
  }

  /**
   * A datastore of a host.
   *
   * @param datastore the host's name for it
   * @param version of NFS
   */
  public record Mount(
      String datastore, String array, String volume, int connections, MountVersion version) {}

  /**
   * A virtual machine, whose guest has written its disks.
   *
   * @param host that has it in its inventory
   * @param snapshots names of snapshots that are taken, in this order, when the guest has written
   */
  public record Vm(
      String name,
      GuestSpec guest,
      String host,
      String datastore,
      List<DiskSpec> disks,
      GuestConfiguration configuration,
      boolean poweredOn,
      List<String> snapshots) {
    public Vm {
      disks = List.copyOf(disks);
      snapshots = List.copyOf(snapshots);
    }
  }
}
