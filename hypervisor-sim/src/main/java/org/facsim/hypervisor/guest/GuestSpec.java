/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.List;
import java.util.Objects;

/**
 * A guest operating system, as a {@link GuestTable} describes it.
 *
 * @param key its name in the table, such as {@code windows-2008-r2}
 * @param displayName the name that an administrator uses, such as {@code Windows 2008 R2}
 * @param family the key of its family
 * @param guestId VMware's identifier, such as {@code windows7Server64Guest}
 * @param vmxName the value of {@code guestOS} in the .vmx, such as {@code windows7srv-64}
 * @param aliases other names, among them more of VMware's identifiers
 * @param quiescing how it is quiesced
 * @param source where that is known from
 */
public record GuestSpec(
    String key,
    String displayName,
    String family,
    String guestId,
    String vmxName,
    List<String> aliases,
    GuestQuiescing quiescing,
    GuestSource source) {
  public GuestSpec {
    Objects.requireNonNull(key);
    Objects.requireNonNull(displayName);
    Objects.requireNonNull(family);
    Objects.requireNonNull(guestId);
    Objects.requireNonNull(vmxName);
    aliases = List.copyOf(aliases);
    Objects.requireNonNull(quiescing);
    Objects.requireNonNull(source);
  }

  @Override
  public String toString() {
    return displayName;
  }
}
