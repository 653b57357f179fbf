/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The guests that hosts know, as YAML.
 *
 * <p>{@link org.facsim.hypervisor.catalog.GuestFile} reads the shipped table, and files of users
 * that override and extend it, into a {@link org.facsim.hypervisor.guest.GuestTable}. {@link
 * org.facsim.hypervisor.catalog.GuestOperatingSystem} names the shipped guests for code.
 *
 * <p>May see {@code guest}, and is the only package of a host that reads YAML.
 */
package org.facsim.hypervisor.catalog;
