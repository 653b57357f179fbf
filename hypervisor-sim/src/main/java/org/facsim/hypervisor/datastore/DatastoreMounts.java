/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.hypervisor.log.HostEvent;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.Nfs3;

/**
 * A host's mounts, by label. Its methods block until they are done. Those that change mounts may be
 * used by one thread at a time; the others are thread-safe and ask no server.
 */
public final class DatastoreMounts implements AutoCloseable {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private static final int MOUNT_VERSION = 3;

  /** Of a host, over all datastores. */
  private static final int MAX_CONNECTIONS = 256;

  /** How many unmounted datastores are remembered, so that their files work when they are back. */
  private static final int MAX_UNMOUNTED = 256;

  private final HostSide host;
  private final int connectionsByDefault;
  private final HostNetwork network;

  // Both guarded by the monitor of this object.
  private final Map<String, NfsMount> mountByLabel = new LinkedHashMap<>();
  private final Map<String, NfsMount> unmountedByLabel = new LinkedHashMap<>();

  /**
   * Makes a host without mounts.
   *
   * @param connectionsByDefault TCP connections of a mount that does not say how many
   * @param network carries the traffic; the caller closes it after this
   */
  public DatastoreMounts(HostSide host, int connectionsByDefault, HostNetwork network) {
    this.host = host;
    this.connectionsByDefault = connectionsByDefault;
    this.network = network;
  }

  /**
   * Mounts an export. A datastore that was unmounted and is mounted again, from the same server, is
   * the same object as before, and files that are open still work.
   *
   * @throws IllegalArgumentException if the number of connections is not allowed
   * @throws DatastoreException if the server does not answer or refuses; ALREADY_EXISTS if the
   *     label or the export is mounted already; LIMIT if no more volumes or connections are allowed
   *     (nothing is mounted then)
   */
  public Datastore mount(MountOptions options) {
    int count =
        options
            .connections()
            .orElse((int) Math.min(connectionsByDefault, maxConnectionsPerDatastore()));
    requireAllowed(count);
    requireFree(options, count);
    try {
      NfsMount mount = mounted(options, count);
      synchronized (this) {
        mountByLabel.put(options.label(), mount);
      }
      return mount.datastore();
    } catch (DatastoreException e) {
      String text =
          "Failed to mount %s as %s: %s"
              .formatted(options.export(), options.label(), e.getMessage());
      host.log().warn("NFS", 983, text);
      host.log().event(HostEvent.NFS_MOUNT_FAILED, options.label(), text);
      throw e;
    }
  }

  private NfsMount mounted(MountOptions options, int count) {
    NfsMount known;
    synchronized (this) {
      known = unmountedByLabel.get(options.label());
    }
    if (known != null
        && known.options().withConnections(count).equals(options.withConnections(count))) {
      known.mountAgain(count);
      synchronized (this) {
        unmountedByLabel.remove(options.label());
      }
      return known;
    }
    InetSocketAddress nfsServer = options.server();
    InetSocketAddress mountServer = options.server();
    if (options.throughPortmap()) {
      try (PortmapQuery query =
          PortmapQuery.connect(options.server(), NfsMount.rpcOptions(host, network))) {
        nfsServer = query.addressOf(Nfs3.PROGRAM, Nfs3.VERSION);
        mountServer = query.addressOf(Mount.PROGRAM, MOUNT_VERSION);
      }
    }
    return new NfsMount(options, count, nfsServer, mountServer, host, network);
  }

  private long maxConnectionsPerDatastore() {
    return host.settings().get(AdvancedSetting.MAX_CONNECTIONS_PER_DATASTORE);
  }

  private void requireAllowed(int count) {
    long max = maxConnectionsPerDatastore();
    if (count < 1 || count > max) {
      throw new IllegalArgumentException(
          "%d connections; allowed: 1 to %d (%s)"
              .formatted(count, max, AdvancedSetting.MAX_CONNECTIONS_PER_DATASTORE.path()));
    }
  }

  private synchronized void requireFree(MountOptions options, int count) {
    if (mountByLabel.containsKey(options.label())) {
      throw new DatastoreException(
          DatastoreError.ALREADY_EXISTS,
          "a datastore with the label %s is mounted already".formatted(options.label()));
    }
    for (NfsMount each : mountByLabel.values()) {
      if (!Collections.disjoint(each.options().servers(), options.servers())
          && each.options().export().equals(options.export())) {
        throw new DatastoreException(
            DatastoreError.ALREADY_EXISTS,
            "%s is mounted already, as %s".formatted(options.export(), each.options().label()));
      }
    }
    long maxVolumes = host.settings().get(AdvancedSetting.MAX_VOLUMES);
    if (mountByLabel.size() >= maxVolumes) {
      throw new DatastoreException(
          DatastoreError.LIMIT,
          "NFS has reached the maximum number of supported volumes: %d (%s)"
              .formatted(maxVolumes, AdvancedSetting.MAX_VOLUMES.path()));
    }
    requireConnectionsFree(count);
  }

  private synchronized void requireConnectionsFree(int more) {
    int used = mountByLabel.values().stream().mapToInt(each -> each.status().connections()).sum();
    if (used + more > MAX_CONNECTIONS) {
      throw new DatastoreException(
          DatastoreError.LIMIT,
          "%d connections are in use; a host has %d at most".formatted(used, MAX_CONNECTIONS));
    }
  }

  /**
   * Changes the number of a mount's connections while it works.
   *
   * @throws IllegalArgumentException if that many are not allowed
   * @throws DatastoreException NOT_FOUND if there is no such mount; LIMIT; others if a connection
   *     cannot be made (there are as many as before then)
   */
  public void setConnections(String label, int count) {
    NfsMount mount = require(label);
    requireAllowed(count);
    requireConnectionsFree(count - mount.status().connections());
    mount.setConnections(count);
  }

  /**
   * Ends a mount, also one whose server does not answer. Calls under way fail.
   *
   * @throws DatastoreException NOT_FOUND if there is no such mount
   */
  public void unmount(String label) {
    NfsMount mount = require(label);
    mount.unmount();
    synchronized (this) {
      mountByLabel.remove(label);
      unmountedByLabel.remove(label);
      if (unmountedByLabel.size() == MAX_UNMOUNTED) {
        unmountedByLabel.remove(unmountedByLabel.keySet().iterator().next());
      }
      unmountedByLabel.put(label, mount);
    }
  }

  private synchronized NfsMount require(String label) {
    NfsMount mount = mountByLabel.get(label);
    if (mount == null) {
      throw new DatastoreException(
          DatastoreError.NOT_FOUND,
          "no datastore %s is mounted; there are: %s"
              .formatted(
                  label,
                  mountByLabel.isEmpty() ? "none" : String.join(", ", mountByLabel.keySet())));
    }
    return mount;
  }

  /** The datastores in the order in which they were mounted. */
  public synchronized List<Datastore> datastores() {
    return mountByLabel.values().stream().map(NfsMount::datastore).toList();
  }

  /** The datastore of a label. */
  public synchronized Optional<Datastore> datastore(String label) {
    return Optional.ofNullable(mountByLabel.get(label)).map(NfsMount::datastore);
  }

  /** How the mounts were asked for, in their order, with the connections that they have now. */
  public synchronized List<MountOptions> options() {
    List<MountOptions> all = new ArrayList<>();
    for (NfsMount each : mountByLabel.values()) {
      all.add(each.options().withConnections(each.status().connections()));
    }
    return all;
  }

  /**
   * Goes back to the mounts of an earlier moment: what was mounted since is unmounted, and what was
   * unmounted since is mounted. Forgets for all of them that their server was silent. A mount that
   * did not change asks no server.
   *
   * @param earlier what {@link #options} was
   * @throws DatastoreException if something cannot be mounted
   */
  public void restore(List<MountOptions> earlier) {
    for (MountOptions now : options()) {
      boolean stays =
          earlier.stream().anyMatch(each -> each.withConnections(1).equals(now.withConnections(1)));
      if (!stays) {
        unmount(now.label());
      }
    }
    for (MountOptions each : earlier) {
      Optional<Datastore> mounted = datastore(each.label());
      int count = each.connections().orElseThrow();
      if (mounted.isEmpty()) {
        mount(each);
      } else if (mounted.get().status().connections() != count) {
        setConnections(each.label(), count);
      }
    }
    synchronized (this) {
      mountByLabel.values().forEach(NfsMount::resetHealth);
    }
  }

  private synchronized List<NfsMount> takeAll() {
    List<NfsMount> all = List.copyOf(mountByLabel.values());
    mountByLabel.clear();
    return all;
  }

  /** Ends all mounts without a word, as a host does that loses its power. */
  public void crash() {
    takeAll().forEach(NfsMount::crash);
  }

  /** Ends all mounts; calls under way fail. */
  @Override
  public void close() {
    takeAll().forEach(NfsMount::end);
  }
}
