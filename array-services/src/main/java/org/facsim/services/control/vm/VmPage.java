/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.List;

/**
 * The virtual machines at one moment, or what changed since a version.
 *
 * @param version ask with it again for what changed meanwhile
 * @param isComplete false if it is no longer known what changed since the version that was asked
 *     for; then {@code vms} has all of them, and whoever asks forgets what it has
 * @param vms in the order of their ids
 * @param gone the ids of those that are gone since; empty if all were asked for
 */
public record VmPage(long version, boolean isComplete, List<Vm> vms, List<String> gone) {
  public VmPage {
    vms = List.copyOf(vms);
    gone = List.copyOf(gone);
  }
}
