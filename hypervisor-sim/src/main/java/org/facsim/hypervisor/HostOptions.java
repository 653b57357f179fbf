/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.time.Clock;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.clone.ClonePolicies;
import org.facsim.hypervisor.datastore.Patience;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.QuiescePolicy;

/**
 * The settings of a simulated host.
 *
 * @param name the name in its locks and in its calls (AUTH_SYS machine name)
 * @param version its release
 * @param connectionsPerDatastore TCP connections of a mount, 1 to 8
 * @param quiescePolicy how guests are quiesced
 * @param cloneOffloadPolicy which clones go to the array
 * @param offloadPoweredOffOnly the array's plugin offloads clones of powered-off VMs only
 * @param clock stamps lock files and measures tasks
 * @param patience how long it waits for the array
 */
public record HostOptions(
    String name,
    EsxiVersion version,
    int connectionsPerDatastore,
    QuiescePolicy quiescePolicy,
    CloneOffloadPolicy cloneOffloadPolicy,
    boolean offloadPoweredOffOnly,
    Clock clock,
    Patience patience) {
  public HostOptions {
    if (connectionsPerDatastore < 1 || connectionsPerDatastore > 8) {
      throw new IllegalArgumentException(connectionsPerDatastore + " connections");
    }
  }

  /** ESXi 5.5 with two connections per datastore and the observed policies. */
  public static HostOptions named(String name) {
    return new HostOptions(
        name,
        EsxiVersion.V5_5,
        2,
        QuiescePolicy.observed(),
        CloneOffloadPolicy.esxi(),
        false,
        Clock.systemUTC(),
        Patience.ESXI);
  }

  ClonePolicies clonePolicies() {
    return new ClonePolicies(
        name, version, quiescePolicy, cloneOffloadPolicy, offloadPoweredOffOnly);
  }

  public HostOptions withCloneOffloadPolicy(CloneOffloadPolicy policy) {
    return new HostOptions(
        name,
        version,
        connectionsPerDatastore,
        quiescePolicy,
        policy,
        offloadPoweredOffOnly,
        clock,
        patience);
  }

  public HostOptions withQuiescePolicy(QuiescePolicy policy) {
    return new HostOptions(
        name,
        version,
        connectionsPerDatastore,
        policy,
        cloneOffloadPolicy,
        offloadPoweredOffOnly,
        clock,
        patience);
  }

  public HostOptions withVersion(EsxiVersion release) {
    return new HostOptions(
        name,
        release,
        connectionsPerDatastore,
        quiescePolicy,
        cloneOffloadPolicy,
        offloadPoweredOffOnly,
        clock,
        patience);
  }

  public HostOptions withConnectionsPerDatastore(int connections) {
    return new HostOptions(
        name,
        version,
        connections,
        quiescePolicy,
        cloneOffloadPolicy,
        offloadPoweredOffOnly,
        clock,
        patience);
  }

  public HostOptions withOffloadPoweredOffOnly(boolean value) {
    return new HostOptions(
        name,
        version,
        connectionsPerDatastore,
        quiescePolicy,
        cloneOffloadPolicy,
        value,
        clock,
        patience);
  }

  public HostOptions withClock(Clock newClock) {
    return new HostOptions(
        name,
        version,
        connectionsPerDatastore,
        quiescePolicy,
        cloneOffloadPolicy,
        offloadPoweredOffOnly,
        newClock,
        patience);
  }

  public HostOptions withPatience(Patience newPatience) {
    return new HostOptions(
        name,
        version,
        connectionsPerDatastore,
        quiescePolicy,
        cloneOffloadPolicy,
        offloadPoweredOffOnly,
        clock,
        newPatience);
  }
}
