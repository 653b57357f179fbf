/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.ProfileDraft;
import org.facsim.services.offload.ProfileField;
import org.facsim.services.units.ByteSize;
import org.facsim.services.units.NearestWord;

/** An array profile in a file: a name, or a mapping of fields with {@code like}. */
final class ProfileNode {
  private static final String LIKE = "like";

  private ProfileNode() {}

  /** Reads a profile; notes a problem and returns the standard one if there is none. */
  static ArrayProfile read(YamlNode node) {
    if (!node.isMapping()) {
      return named(node);
    }
    ArrayProfile base = node.get(LIKE).map(ProfileNode::named).orElse(NamedProfiles.SHARING);
    ProfileDraft draft = base.draft().named(base.name() + " (changed)", base.description());
    for (Map.Entry<String, YamlNode> entry : node.entries().entrySet()) {
      if (!entry.getKey().equals(LIKE)) {
        set(draft, entry.getKey(), entry.getValue());
      }
    }
    try {
      return draft.freeze();
    } catch (IllegalArgumentException e) {
      node.wrong(e.getMessage());
      return base;
    }
  }

  private static ArrayProfile named(YamlNode node) {
    List<String> known = NamedProfiles.all().stream().map(ArrayProfile::name).toList();
    return NamedProfiles.find(node.text())
        .orElseGet(
            () -> {
              node.wrong(
                  "profile '"
                      + node.text()
                      + "' is unknown"
                      + NearestWord.didYouMean(node.text(), known)
                      + "; allowed: "
                      + String.join(", ", known));
              return NamedProfiles.SHARING;
            });
  }

  private static void set(ProfileDraft draft, String key, YamlNode value) {
    var field = ProfileField.ofKey(key);
    if (field.isEmpty()) {
      List<String> keys = new ArrayList<>(List.of(LIKE));
      Arrays.stream(ProfileField.values()).map(ProfileField::key).forEach(keys::add);
      value.wrongKey(
          "'"
              + key
              + "' is no field of a profile"
              + NearestWord.didYouMean(key, keys)
              + "; allowed: "
              + String.join(", ", keys));
      return;
    }
    try {
      field.get().set(draft, text(field.get(), value));
    } catch (IllegalArgumentException e) {
      value.wrong(e.getMessage());
    }
  }

  private static String text(ProfileField field, YamlNode value) {
    return switch (field.kind()) {
      case BYTES ->
          value.text().matches("\\d+") ? value.text() : Long.toString(ByteSize.parse(value.text()));
      case LIST ->
          value.elements().stream().map(YamlNode::text).collect(Collectors.joining(", ", "[", "]"));
      case WORD, FLAG, NUMBER -> value.text();
    };
  }
}
