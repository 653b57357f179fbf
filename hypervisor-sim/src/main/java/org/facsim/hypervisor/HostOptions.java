/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.facsim.hypervisor.catalog.GuestFile;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.clone.ClonePolicies;
import org.facsim.hypervisor.datastore.AdvancedSetting;
import org.facsim.hypervisor.datastore.AdvancedSettings;
import org.facsim.hypervisor.datastore.HostNetwork;
import org.facsim.hypervisor.datastore.Patience;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.GuestTable;
import org.facsim.hypervisor.guest.QuiescePolicy;
import org.facsim.hypervisor.log.VmkernelLog;
import org.facsim.hypervisor.time.HostTime;

/**
 * The settings of a simulated host. Start from {@link #named}. Immutable: each {@code with…} makes
 * another one, and throws IllegalArgumentException for a value that is not allowed.
 */
public final class HostOptions implements Cloneable {
  private static final int MAX_CONNECTIONS = 8;

  // Written by with() alone, before anybody else sees the copy.
  private String name;
  private EsxiVersion version = EsxiVersion.V5_5;
  private int connectionsPerDatastore = 2;
  private QuiescePolicy quiescePolicy = QuiescePolicy.observed();
  private CloneOffloadPolicy cloneOffloadPolicy = CloneOffloadPolicy.esxi();
  private boolean offloadPoweredOffOnly;
  private GuestTable guests = GuestFile.shipped();
  private HostTime time = HostTime.system();
  private Patience patience = Patience.ESXI;
  private Map<AdvancedSetting, Long> advancedSettings = Map.of();
  private Optional<HostNetwork> network = Optional.empty();
  private int logLines = VmkernelLog.DEFAULT_LINES;

  private HostOptions(String name) {
    this.name = name;
  }

  /** ESXi 5.5 with two connections per datastore, the observed policies and default settings. */
  public static HostOptions named(String name) {
    return new HostOptions(Objects.requireNonNull(name, "name"));
  }

  private HostOptions with(Consumer<HostOptions> change) {
    HostOptions copy;
    try {
      copy = (HostOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
    change.accept(copy);
    return copy;
  }

  /** The name in its locks and in its calls (AUTH_SYS machine name). */
  public String name() {
    return name;
  }

  /** Its release. */
  public EsxiVersion version() {
    return version;
  }

  public HostOptions withVersion(EsxiVersion release) {
    return with(copy -> copy.version = release);
  }

  /** TCP connections of a mount that does not say how many, 1 to 8. */
  public int connectionsPerDatastore() {
    return connectionsPerDatastore;
  }

  public HostOptions withConnectionsPerDatastore(int connections) {
    if (connections < 1 || connections > MAX_CONNECTIONS) {
      throw new IllegalArgumentException(
          connections + " connections; allowed: 1 to " + MAX_CONNECTIONS);
    }
    return with(copy -> copy.connectionsPerDatastore = connections);
  }

  /** How guests are quiesced. */
  public QuiescePolicy quiescePolicy() {
    return quiescePolicy;
  }

  public HostOptions withQuiescePolicy(QuiescePolicy policy) {
    return with(copy -> copy.quiescePolicy = policy);
  }

  /** Which clones go to the array. */
  public CloneOffloadPolicy cloneOffloadPolicy() {
    return cloneOffloadPolicy;
  }

  public HostOptions withCloneOffloadPolicy(CloneOffloadPolicy policy) {
    return with(copy -> copy.cloneOffloadPolicy = policy);
  }

  /** Whether the array's plugin offloads clones of powered-off VMs only. */
  public boolean offloadPoweredOffOnly() {
    return offloadPoweredOffOnly;
  }

  public HostOptions withOffloadPoweredOffOnly(boolean value) {
    return with(copy -> copy.offloadPoweredOffOnly = value);
  }

  /** The guests that it knows when a VM is registered. */
  public GuestTable guests() {
    return guests;
  }

  /** With other guests, for example {@code GuestFile.read(path)}. */
  public HostOptions withGuests(GuestTable other) {
    Objects.requireNonNull(other, "guests");
    return with(copy -> copy.guests = other);
  }

  /** What heartbeats, locks, timers, polls and timeouts go by. */
  public HostTime time() {
    return time;
  }

  public HostOptions withTime(HostTime other) {
    Objects.requireNonNull(other, "time");
    return with(copy -> copy.time = other);
  }

  /** Stamps lock files and log lines, and measures tasks. */
  public Clock clock() {
    return time.clock();
  }

  /** The machine's time, except that this clock stamps and measures. */
  public HostOptions withClock(Clock clock) {
    return withTime(HostTime.system(clock));
  }

  /** How long it waits for the array. */
  public Patience patience() {
    return patience;
  }

  public HostOptions withPatience(Patience other) {
    return with(copy -> copy.patience = other);
  }

  /** The advanced settings that are not at their defaults when the host starts. */
  public Map<AdvancedSetting, Long> advancedSettings() {
    return advancedSettings;
  }

  /**
   * With another value of one advanced setting.
   *
   * @param setting such as {@code /NFS/MaxVolumes}
   */
  public HostOptions withAdvancedSetting(String setting, long value) {
    Map<AdvancedSetting, Long> changed = new EnumMap<>(AdvancedSetting.class);
    changed.putAll(advancedSettings);
    changed.put(AdvancedSetting.of(setting), value);
    var unused = new AdvancedSettings(changed); // checks the bounds
    Map<AdvancedSetting, Long> kept = Map.copyOf(changed);
    return with(copy -> copy.advancedSettings = kept);
  }

  /** The threads that carry its traffic, shared with other hosts; empty for some of its own. */
  public Optional<HostNetwork> network() {
    return network;
  }

  /** With a network that the caller still owns, and closes after the host. */
  public HostOptions withNetwork(HostNetwork shared) {
    Optional<HostNetwork> value = Optional.of(shared);
    return with(copy -> copy.network = value);
  }

  /** How many lines its log keeps. */
  public int logLines() {
    return logLines;
  }

  /** With another bound of the log, 1 and more. */
  public HostOptions withLogLines(int lines) {
    if (lines < 1) {
      throw new IllegalArgumentException(lines + " lines of log; allowed: 1 and more");
    }
    return with(copy -> copy.logLines = lines);
  }

  ClonePolicies clonePolicies() {
    return new ClonePolicies(
        name, version, quiescePolicy, cloneOffloadPolicy, offloadPoweredOffOnly);
  }
}
