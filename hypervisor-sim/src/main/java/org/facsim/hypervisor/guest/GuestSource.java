/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.Locale;

/** Where a row of the {@link GuestTable} comes from. */
public enum GuestSource {
  /** The vendor documents it. */
  DOCUMENTED,
  /** The user whose clones the demo replays observed it. */
  ARTICLE,
  /** It follows from what is documented or observed of similar guests. */
  INFERRED;

  /** As the table's file spells it: {@code documented}, {@code article} or {@code inferred}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
