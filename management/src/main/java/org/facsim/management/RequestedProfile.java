/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.facsim.management.ArrayJson.ProfileRequest;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.ProfileDraft;
import org.facsim.services.offload.ProfileField;

/**
 * The profile that a request asks for: a named one with some fields changed, or one given by all
 * its fields, in the form of answers. A client can therefore change what GET returned and send it
 * back.
 *
 * <p>The name of a built-in profile stands for exactly its fields. If a request changes fields of
 * such a profile, the result is called {@code NAME-changed}.
 */
final class RequestedProfile {
  private static final int MAX_NAME_CHARACTERS = 64;
  private static final int MAX_DESCRIPTION_CHARACTERS = 1000;

  /** Whether a text may be a name or a description: it is one line. */
  private static final Predicate<String> ONE_LINE =
      Pattern.compile("[^\\p{Cc}\\u2028\\u2029]+").asMatchPredicate();

  private RequestedProfile() {}

  /**
   * Makes it.
   *
   * @throws Problem 400, which names what is wrong and what is allowed
   */
  static ArrayProfile of(ProfileRequest body) {
    Map<String, JsonNode> fields = body.fields() == null ? Map.of() : body.fields();
    ArrayProfile base = base(body, fields);
    String name = text("name", body.name(), MAX_NAME_CHARACTERS).orElse(base.name());
    String description =
        text("description", body.description(), MAX_DESCRIPTION_CHARACTERS)
            .orElse(base.description());
    ProfileDraft draft = base.draft().named(name, description);
    try {
      fields.forEach((key, value) -> set(draft, key, value));
      return honestlyNamed(draft.freeze());
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("field 'fields': " + e.getMessage());
    }
  }

  /** The profile that supplies the fields that the request does not have. */
  private static ArrayProfile base(ProfileRequest body, Map<String, JsonNode> fields) {
    if (body.profile() != null) {
      return NamedProfiles.find(body.profile()).orElseThrow(() -> unknownProfile(body.profile()));
    }
    List<String> missing = new ArrayList<>(keys());
    missing.removeAll(fields.keySet());
    if (!missing.isEmpty()) {
      throw Problem.badRequest(
          "field 'profile' is missing, and so are these of 'fields': "
              + String.join(", ", missing)
              + "; allowed: all fields, or the named profile that has the others");
    }
    return NamedProfiles
        .SHARING; // the request gives every field, so nothing is taken from this one
  }

  private static Optional<String> text(String field, String value, int maxCharacters) {
    if (value != null && (value.length() > maxCharacters || !ONE_LINE.test(value))) {
      throw Problem.badRequest(
          "field '"
              + field
              + "' of "
              + value.length()
              + " characters; allowed: one line of 1 to "
              + maxCharacters);
    }
    return Optional.ofNullable(value);
  }

  private static void set(ProfileDraft draft, String key, JsonNode value) {
    ProfileField field =
        ProfileField.ofKey(key)
            .orElseThrow(
                () ->
                    Problem.badRequest(
                        "field 'fields': '"
                            + key
                            + "' is unknown; allowed: "
                            + String.join(", ", keys())));
    field.set(draft, ProfileValues.text(field, value));
  }

  private static ArrayProfile honestlyNamed(ArrayProfile asked) {
    Optional<ArrayProfile> shipped = NamedProfiles.find(asked.name());
    if (shipped.isEmpty() || ProfileValues.of(asked).equals(ProfileValues.of(shipped.get()))) {
      return asked;
    }
    boolean isDescribedAlike = asked.description().equals(shipped.get().description());
    return asked
        .draft()
        .named(
            asked.name() + "-changed", asked.description() + (isDescribedAlike ? ", changed" : ""))
        .freeze();
  }

  private static Problem unknownProfile(String name) {
    return Problem.badRequest(
        "field 'profile': '"
            + name
            + "'; allowed: "
            + NamedProfiles.all().stream()
                .map(ArrayProfile::name)
                .collect(Collectors.joining(", ")));
  }

  private static List<String> keys() {
    return Arrays.stream(ProfileField.values()).map(ProfileField::key).toList();
  }
}
