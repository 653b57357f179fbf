/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.EnumSet;
import java.util.Set;

/**
 * A profile as it is stored with a volume: lines of {@code key=value}. The keys are {@code name}
 * and {@code description}, then those of {@link ProfileField}. If a later program has more fields,
 * the missing ones get their standard values.
 */
public final class StoredProfile {
  private static final String NAME = "name";
  private static final String DESCRIPTION = "description";

  private StoredProfile() {}

  public static byte[] bytesOf(ArrayProfile profile) {
    StringBuilder text = new StringBuilder();
    line(text, NAME, profile.name());
    line(text, DESCRIPTION, profile.description());
    for (ProfileField field : ProfileField.values()) {
      line(text, field.key(), field.of(profile));
    }
    return text.toString().getBytes(UTF_8);
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append('=').append(value.replaceAll("\\R", " ")).append('\n');
  }

  /**
   * Reads it back.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public static ArrayProfile read(byte[] bytes) {
    ProfileDraft draft = NamedProfiles.SHARING.draft();
    String name = "";
    String description = "";
    Set<ProfileField> seen = EnumSet.noneOf(ProfileField.class);
    for (String line : new String(bytes, UTF_8).lines().toList()) {
      int equals = line.indexOf('=');
      String key = equals < 0 ? line : line.substring(0, equals);
      String value = line.substring(equals + 1);
      if (key.equals(NAME)) {
        name = value;
      } else if (key.equals(DESCRIPTION)) {
        description = value;
      } else {
        ProfileField field =
            ProfileField.ofKey(key)
                .orElseThrow(() -> new IllegalArgumentException("'" + key + "' is no field"));
        field.set(draft, value);
        seen.add(field);
      }
    }
    if (seen.isEmpty()) {
      throw new IllegalArgumentException("no field of a profile");
    }
    return draft.named(name, description).freeze();
  }
}
