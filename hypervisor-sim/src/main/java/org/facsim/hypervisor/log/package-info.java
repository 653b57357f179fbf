/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a host tells its administrator: {@link org.facsim.hypervisor.log.VmkernelLog}, with the
 * lines that a real host prints, and {@link org.facsim.hypervisor.log.HostEvent}, which listeners
 * of the log get.
 *
 * <p>May see {@code time}; used by all of a host's packages that do something worth telling.
 */
package org.facsim.hypervisor.log;
