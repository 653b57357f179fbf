/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.facsim.app.scenario.Site.Array;
import org.facsim.app.scenario.Site.Host;
import org.facsim.app.scenario.Site.Mount;
import org.facsim.app.scenario.Site.Vm;
import org.facsim.app.scenario.Site.Volume;
import org.facsim.array.SystemFailure;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.catalog.GuestFile;
import org.facsim.hypervisor.catalog.GuestFileException;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.datastore.MountVersion;
import org.facsim.hypervisor.guest.ControllerType;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestTable;
import org.facsim.hypervisor.vm.DiskFormat;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.units.ByteSize;

/**
 * Reads the sections {@code array} or {@code arrays}, {@code hosts} and {@code vms} of a file that
 * its schema accepts. What is wrong beyond the schema, such as a host that is not declared, becomes
 * a problem of the file; the caller ends with {@link YamlFile#requireFlawless}.
 */
public final class SiteReader {
  private static final String ARRAY = "array";
  private static final String ARRAYS = "arrays";
  private static final String VOLUME = "volume";
  private static final String CONNECTIONS = "connections";
  private static final String STANDARD_VOLUME = "datastore1";
  private static final String STANDARD_HOST = "esx1";
  private static final int STANDARD_CONNECTIONS = 2;
  private static final long STANDARD_DISK_BYTES = 64 * ByteSize.MIB;

  private final Map<String, Array> arrays = new LinkedHashMap<>();
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final Map<String, Vm> vms = new LinkedHashMap<>();
  private GuestTable guests = GuestFile.shipped();

  private SiteReader() {}

  /** Reads the sections of a mapping. */
  public static Site read(YamlNode root) {
    SiteReader reader = new SiteReader();
    reader.arrays(root);
    reader.hosts(root);
    root.get("guests").ifPresent(node -> reader.guests = guests(node));
    root.get("vms").ifPresent(section -> section.entries().forEach(reader::vm));
    return new Site(reader.arrays, reader.hosts, reader.guests, reader.vms);
  }

  /** The shipped guests with those of a file, or of the section itself, on top. */
  private static GuestTable guests(YamlNode node) {
    try {
      return node.isMapping()
          ? GuestFile.parse("", node.json().toString(), GuestFile.shipped())
          : GuestFile.read(node.path());
    } catch (GuestFileException e) {
      if (node.isMapping()) {
        node.wrongBelow(e.pointer(), e.words());
      } else {
        node.wrong(e.getMessage());
      }
    } catch (InvalidPathException | IOException e) {
      node.wrong(
          "'%s' cannot be read: %s; allowed: a file as docs/guests.md describes"
              .formatted(
                  node.text(),
                  e instanceof IOException io ? SystemFailure.inWords(io) : e.getMessage()));
    }
    return GuestFile.shipped();
  }

  // ---------------------------------------------------------------- arrays

  private void arrays(YamlNode root) {
    Optional<YamlNode> several = root.get(ARRAYS);
    Optional<YamlNode> one = root.get(ARRAY);
    if (several.isPresent() && one.isPresent()) {
      one.get().wrongKey("'array' and 'arrays'; allowed: one of them");
    }
    if (several.isPresent()) {
      several.get().entries().forEach((name, node) -> arrays.put(name, array(name, node)));
    } else if (one.isPresent()) {
      arrays.put(ARRAY, array(ARRAY, one.get()));
    } else {
      arrays.put(
          ARRAY,
          new Array(ARRAY, false, Map.of(STANDARD_VOLUME, plain(STANDARD_VOLUME, standard()))));
    }
  }

  private static ArrayProfile standard() {
    return NamedProfiles.SHARING;
  }

  private static Volume plain(String name, ArrayProfile profile) {
    return new Volume(name, ByteSize.TIB, profile, Optional.empty());
  }

  private static Array array(String name, YamlNode node) {
    if (!node.isSound()) {
      return arrayInOutline(name, node);
    }
    ArrayProfile profile = node.get("profile").map(ProfileNode::read).orElse(standard());
    Map<String, Volume> volumes = new LinkedHashMap<>();
    node.get("volumes")
        .ifPresent(
            section ->
                section
                    .entries()
                    .forEach((key, each) -> volumes.put(key, volume(key, each, profile))));
    if (volumes.isEmpty()) {
      volumes.put(STANDARD_VOLUME, plain(STANDARD_VOLUME, profile));
    }
    return new Array(name, node.flag("durable", false), volumes);
  }

  /** What can be said of an array that the schema refuses: the names of its volumes. */
  private static Array arrayInOutline(String name, YamlNode node) {
    Map<String, Volume> volumes = new LinkedHashMap<>();
    node.get("volumes")
        .ifPresent(
            section ->
                section
                    .entries()
                    .keySet()
                    .forEach(key -> volumes.put(key, plain(key, standard()))));
    if (volumes.isEmpty()) {
      volumes.put(STANDARD_VOLUME, plain(STANDARD_VOLUME, standard()));
    }
    return new Array(name, false, volumes);
  }

  private static Volume volume(String name, YamlNode node, ArrayProfile ofArray) {
    if (!node.isMapping()) {
      return new Volume(name, node.bytes(), ofArray, Optional.empty());
    }
    return new Volume(
        name,
        node.get("size").map(YamlNode::bytes).orElse(ByteSize.TIB),
        node.get("profile").map(ProfileNode::read).orElse(ofArray),
        node.get("export").map(SiteReader::rules));
  }

  /** Export rules; notes a problem if they are none. */
  static List<ExportRule> rules(YamlNode node) {
    return node.parsed(ExportSyntax::parseRules, List.of());
  }

  // ---------------------------------------------------------------- hosts

  private void hosts(YamlNode root) {
    root.get("hosts").ifPresent(section -> section.entries().forEach(this::host));
    if (hosts.isEmpty()) {
      hosts.put(
          STANDARD_HOST,
          new Host(
              STANDARD_HOST,
              EsxiVersion.V5_5,
              STANDARD_CONNECTIONS,
              false,
              Map.of(),
              everyVolume(STANDARD_CONNECTIONS, MountVersion.NFS3)));
    }
  }

  private void host(String name, YamlNode node) {
    if (!node.isSound()) {
      hosts.put(name, hostInOutline(name, node));
      return;
    }
    EsxiVersion version =
        node.get("version")
            .map(v -> v.parsed(EsxiVersion::parse, EsxiVersion.V5_5))
            .orElse(EsxiVersion.V5_5);
    MountVersion nfs = nfs(node, version, MountVersion.NFS3);
    int connections = (int) node.number(CONNECTIONS, STANDARD_CONNECTIONS);
    Map<String, Long> settings = new LinkedHashMap<>();
    node.get("settings")
        .ifPresent(
            section ->
                section.entries().forEach((key, value) -> setting(key, value, name, settings)));
    Map<String, Mount> mounts = new LinkedHashMap<>();
    node.get("mounts")
        .ifPresent(
            section ->
                section
                    .entries()
                    .forEach(
                        (key, each) ->
                            mount(key, each, connections, version, nfs)
                                .ifPresent(m -> mounts.put(key, m))));
    if (node.get("mounts").isEmpty()) {
      if (arrays.size() > 1) {
        node.wrongKey(
            "host '" + name + "' has no mounts, and there are several arrays; allowed: mounts");
      }
      mounts.putAll(everyVolume(connections, nfs));
    }
    if (mounts.isEmpty()) { // all of them are wrong, and that is noted
      mounts.putAll(everyVolume(connections, nfs));
    }
    hosts.put(
        name,
        new Host(
            name,
            version,
            connections,
            node.flag("offload-powered-off-only", false),
            settings,
            mounts));
  }

  /** The version of NFS that a host or a mount names; releases before 6.0 have no 4.1. */
  private static MountVersion nfs(YamlNode node, EsxiVersion release, MountVersion otherwise) {
    Optional<YamlNode> named = node.get("nfs");
    MountVersion nfs = named.map(v -> v.parsed(MountVersion::of, otherwise)).orElse(otherwise);
    if (nfs == MountVersion.NFS41 && named.isPresent() && !release.isAtLeast(EsxiVersion.V6_0)) {
      named
          .get()
          .wrong(
              "NFS 4.1 on ESXi %s; allowed: 4.1 on ESXi 6.0 and newer, for example version: \"8.0\""
                  .formatted(release));
    }
    return nfs;
  }

  /** What can be said of a host that the schema refuses: the names of its datastores. */
  private Host hostInOutline(String name, YamlNode node) {
    Map<String, Mount> mounts =
        new LinkedHashMap<>(everyVolume(STANDARD_CONNECTIONS, MountVersion.NFS3));
    Mount any = mounts.values().iterator().next();
    node.get("mounts")
        .ifPresent(
            section ->
                section
                    .entries()
                    .keySet()
                    .forEach(
                        key ->
                            mounts.put(
                                key,
                                new Mount(
                                    key,
                                    any.array(),
                                    any.volume(),
                                    STANDARD_CONNECTIONS,
                                    MountVersion.NFS3))));
    return new Host(name, EsxiVersion.V5_5, STANDARD_CONNECTIONS, false, Map.of(), mounts);
  }

  private static void setting(String key, YamlNode value, String host, Map<String, Long> settings) {
    try {
      long number = Long.parseLong(value.text());
      var unused = HostOptions.named(host).withAdvancedSetting(key, number);
      settings.put(key, number);
    } catch (NumberFormatException e) {
      value.wrong("'" + value.text() + "'; allowed: a whole number");
    } catch (IllegalArgumentException e) {
      value.wrongKey(e.getMessage());
    }
  }

  private Map<String, Mount> everyVolume(int connections, MountVersion nfs) {
    Map<String, Mount> mounts = new LinkedHashMap<>();
    Array only = arrays.values().iterator().next();
    only.volumes()
        .keySet()
        .forEach(
            volume -> mounts.put(volume, new Mount(volume, only.name(), volume, connections, nfs)));
    return mounts;
  }

  private Optional<Mount> mount(
      String datastore, YamlNode node, int ofHost, EsxiVersion release, MountVersion nfsOfHost) {
    YamlNode volume = node.isMapping() ? node.get(VOLUME).orElseThrow() : node;
    Array array = arrays.values().iterator().next();
    Optional<YamlNode> named = node.isMapping() ? node.get(ARRAY) : Optional.empty();
    if (named.isPresent()) {
      if (!named.get().declared("array", arrays.keySet())) {
        return Optional.empty();
      }
      array = arrays.get(named.get().text());
    } else if (arrays.size() > 1) {
      node.wrong(
          "no array, and there are several; allowed: array: "
              + String.join(" | ", arrays.keySet()));
      return Optional.empty();
    }
    if (!volume.declared(VOLUME, array.volumes().keySet())) {
      return Optional.empty();
    }
    int connections = node.isMapping() ? (int) node.number(CONNECTIONS, ofHost) : ofHost;
    MountVersion nfs = node.isMapping() ? nfs(node, release, nfsOfHost) : nfsOfHost;
    return Optional.of(new Mount(datastore, array.name(), volume.text(), connections, nfs));
  }

  // ---------------------------------------------------------------- virtual machines

  private void vm(String name, YamlNode node) {
    Optional<Vm> vm = node.isSound() ? vm(name, node, hosts, guests) : Optional.empty();
    vms.put(name, vm.orElseGet(() -> vmInOutline(name)));
  }

  /** Stands for a VM that is wrong, so that nobody hears that it is not declared. */
  private Vm vmInOutline(String name) {
    Host host = hosts.values().iterator().next();
    return new Vm(
        name,
        GuestOperatingSystem.WINDOWS_7,
        host.name(),
        host.mounts().keySet().iterator().next(),
        List.of(),
        GuestConfiguration.standard(),
        true,
        List.of());
  }

  /** Reads one virtual machine; empty, with a problem noted, if a name in it is not declared. */
  static Optional<Vm> vm(String name, YamlNode node, Map<String, Host> hosts, GuestTable guests) {
    Optional<YamlNode> hostName = node.get("host");
    if (hostName.isPresent() && !hostName.get().declared("host", hosts.keySet())) {
      return Optional.empty();
    }
    Host host = hostName.map(h -> hosts.get(h.text())).orElse(hosts.values().iterator().next());
    Optional<YamlNode> datastore = node.get("datastore");
    if (host.mounts().isEmpty()
        || (datastore.isPresent()
            && !datastore.get().declared("datastore of " + host.name(), host.mounts().keySet()))) {
      return Optional.empty();
    }
    return Optional.of(
        new Vm(
            name,
            node.get("guest")
                .map(g -> g.parsed(guests::guest, GuestOperatingSystem.WINDOWS_7))
                .orElse(GuestOperatingSystem.WINDOWS_7),
            host.name(),
            datastore.map(YamlNode::text).orElse(host.mounts().keySet().iterator().next()),
            disks(node),
            configuration(GuestConfiguration.standard(), node.get("configuration")),
            node.flag("powered-on", true),
            node.get("snapshots")
                .map(list -> list.elements().stream().map(YamlNode::text).toList())
                .orElse(List.of())));
  }

  private static List<DiskSpec> disks(YamlNode vm) {
    List<DiskSpec> disks = new ArrayList<>();
    vm.get("disks")
        .ifPresent(
            section ->
                section
                    .elements()
                    .forEach(
                        node -> {
                          DiskSpec disk = disk(node);
                          for (long i = node.number("count", 1); i > 0; i--) {
                            disks.add(disk);
                          }
                        }));
    if (disks.isEmpty()) {
      disks.add(new DiskSpec(STANDARD_DISK_BYTES, STANDARD_DISK_BYTES / 2));
    }
    return disks;
  }

  private static DiskSpec disk(YamlNode node) {
    long size = node.get("size").orElseThrow().bytes();
    long used =
        node.get("used")
            .map(YamlNode::bytes)
            .orElse(size / 2 / DiskSpec.SECTOR_BYTES * DiskSpec.SECTOR_BYTES);
    DiskFormat format =
        node.get("format")
            .map(f -> f.parsed(word -> Words.constant(DiskFormat.class, word), DiskFormat.THIN))
            .orElse(DiskFormat.THIN);
    try {
      return new DiskSpec(size, used, format);
    } catch (IllegalArgumentException e) {
      node.wrong(
          e.getMessage()
              + "; allowed: whole sectors of 512 bytes, up to 2TiB, used at most the size");
      return new DiskSpec(STANDARD_DISK_BYTES, 0, format);
    }
  }

  /** A configuration with the changes of a mapping. */
  static GuestConfiguration configuration(GuestConfiguration before, Optional<YamlNode> changes) {
    if (changes.isEmpty()) {
      return before;
    }
    YamlNode node = changes.get();
    UnaryOperator<ControllerType> controller =
        old ->
            node.get("controller")
                .map(c -> c.parsed(word -> Words.constant(ControllerType.class, word), old))
                .orElse(old);
    return before
        .withToolsRunning(node.flag("tools-running", before.toolsRunning()))
        .withVssEnabled(node.flag("vss-enabled", before.vssEnabled()))
        .withSyncDriverSelected(node.flag("sync-driver", before.syncDriverSelected()))
        .withDynamicDisk(node.flag("dynamic-disk", before.dynamicDisk()))
        .withDiskEnableUuid(node.flag("disk-enable-uuid", before.diskEnableUuid()))
        .withController(controller.apply(before.controller()));
  }
}
