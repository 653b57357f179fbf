/**
 * Simulated ESXi hosts. {@link org.facsim.hypervisor.SimulatedHost} mounts datastores and runs
 * virtual machines; {@link org.facsim.hypervisor.QuiescePolicy} and {@link
 * org.facsim.hypervisor.CloneOffloadPolicy} are the two pure decisions; everything else is files on
 * a datastore, written and read over the wire. May see {@code org.facsim.protocol}, never the
 * array.
 */
package org.facsim.hypervisor;
