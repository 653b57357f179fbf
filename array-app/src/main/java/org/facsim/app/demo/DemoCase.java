/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.List;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;

/**
 * One clone of the demo: what is set up before it, and who is asked for it. The expected result is
 * in {@link Expectation}.
 *
 * @param name of the case and of the clone
 * @param guest whose source VM is cloned
 * @param configuration of the source while it is cloned
 * @param poweredOn whether the source runs
 * @param door who is asked
 */
record DemoCase(
    String name, GuestSpec guest, GuestConfiguration configuration, boolean poweredOn, Door door) {

  /** Where an administrator asks for a clone. */
  enum Door {
    /** At the host, which decides who copies. */
    HOST,
    /** In the array's own console, which hosts know nothing of. */
    ARRAY_UI
  }

  private static final GuestConfiguration STANDARD = GuestConfiguration.standard();

  /** The article's cases, in its order. */
  static final List<DemoCase> ALL =
      List.of(
          hot("windows-7-hot", WINDOWS_7, STANDARD),
          hot("windows-2008r2-hot", WINDOWS_2008_R2, STANDARD),
          hot("windows-2008r2-vss-disabled", WINDOWS_2008_R2, STANDARD.withVssEnabled(false)),
          hot("windows-2008r2-sync-driver", WINDOWS_2008_R2, STANDARD.withSyncDriverSelected(true)),
          hot("windows-2008r2-tools-stopped", WINDOWS_2008_R2, STANDARD.withToolsRunning(false)),
          hot("windows-2008r2-dynamic-disk", WINDOWS_2008_R2, STANDARD.withDynamicDisk(true)),
          new DemoCase("windows-2008r2-cold", WINDOWS_2008_R2, STANDARD, false, Door.HOST),
          new DemoCase("windows-2008r2-array-ui", WINDOWS_2008_R2, STANDARD, true, Door.ARRAY_UI));

  private static DemoCase hot(String name, GuestSpec guest, GuestConfiguration configuration) {
    return new DemoCase(name, guest, configuration, true, Door.HOST);
  }
}
