/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.Objects;

/**
 * Guests that are quiesced in the same way: a row of the {@link GuestTable}.
 *
 * @param key its name in the table, such as {@code windows-2008}
 * @param title for people, such as {@code Windows 2008, 2008 R2}
 * @param quiescing how its guests are quiesced, unless a guest's own row says otherwise
 * @param source where that is known from
 */
public record GuestFamily(String key, String title, GuestQuiescing quiescing, GuestSource source) {
  public GuestFamily {
    Objects.requireNonNull(key);
    Objects.requireNonNull(title);
    Objects.requireNonNull(quiescing);
    Objects.requireNonNull(source);
  }
}
