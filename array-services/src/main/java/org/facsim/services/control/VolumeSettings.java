/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.Sets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayListener;
import org.facsim.array.ArraySettings;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.access.ExportTable;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.StoredProfile;
import org.facsim.services.offload.VolumeProfiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores with the array the settings of its volumes: who may use them ({@link ExportTable}) and how
 * they behave toward hosts ({@link VolumeProfiles}).
 *
 * <p>The last setting applies, whether it came from an option at a start or was made while the
 * array ran. An option of this start therefore replaces what is stored, and the log says so, unless
 * it says the same as at the last start ({@link ToldOptions}). Without an option, the stored
 * setting applies; without either, the default. Settings are part of named states and are restored
 * with them. If a restored state has no setting for a volume, the option of this start applies.
 */
final class VolumeSettings implements ArrayListener {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeSettings.class);

  /** The rules of a volume without a setting. */
  private static final List<ExportRule> STANDARD_RULES =
      List.of(ExportRule.forEveryone(ExportOptions.DEFAULT));

  private static final String EXPORTS = "exports";
  private static final String PROFILE = "vaai-profile";

  /** Stored in place of rules for a volume that is not exported at all. */
  private static final String WITHDRAWN = "-";

  private final StorageArray storage;
  private final ArraySettings stored;
  private final ToldOptions options;
  private final ExportTable exports;
  private final VolumeProfiles profiles;
  private final Map<String, List<ExportRule>> givenRules;
  private final Map<String, ArrayProfile> givenProfiles;

  /** The names of the settings that were stored when they were last compared, by volume. */
  private final Map<Integer, Set<String>> told = new ConcurrentHashMap<>();

  /**
   * @param givenRules rules from options of this start, by volume
   * @param givenProfiles profiles from options of this start, by volume
   */
  VolumeSettings(
      StorageArray storage,
      ExportTable exports,
      VolumeProfiles profiles,
      Map<String, List<ExportRule>> givenRules,
      Map<String, ArrayProfile> givenProfiles) {
    this.storage = storage;
    this.stored = storage.settings();
    this.options = new ToldOptions(stored);
    this.exports = exports;
    this.profiles = profiles;
    this.givenRules = Map.copyOf(givenRules);
    this.givenProfiles = Map.copyOf(givenProfiles);
  }

  /**
   * Applies every volume's settings, and stores changes from now on.
   *
   * @throws ArrayException if an option of this start cannot be stored
   */
  void begin() {
    for (Volume volume : storage.volumes()) {
      List<ExportRule> rules = givenRules.get(volume.name());
      if (rules != null) {
        replace(volume, EXPORTS, textOf(rules).getBytes(UTF_8), "set of export rules");
      }
      ArrayProfile profile = givenProfiles.get(volume.name());
      if (profile != null) {
        replace(volume, PROFILE, StoredProfile.bytesOf(profile), "VAAI profile");
      }
    }
    beginAgain();
  }

  /** The same without applying the options once more: the array was opened again in place. */
  void beginAgain() {
    storage.volumes().forEach(this::show);
    exports.keepIn(this::store);
    profiles.keepIn(this::store);
  }

  private void replace(Volume volume, String name, byte[] given, String what) {
    Optional<byte[]> before = stored.get(volume, name);
    boolean differs = before.isPresent() && !Arrays.equals(before.get(), given);
    String row = ToldOptions.row(name);
    if (before.isPresent() && !options.isNews(volume, row, given)) {
      if (differs) {
        LOG.info(
            "volume {}: keeps the {} that was set while the array ran; the option of this start says"
                + " the same as before",
            volume.name(),
            what);
      }
      return;
    }
    if (differs) {
      LOG.warn(
          "volume {}: the {} of this start's options takes the place of what was stored",
          volume.name(),
          what);
    }
    if (before.isEmpty() || !Arrays.equals(before.get(), given)) { // on a full disk, too
      stored.put(volume, name, given);
    }
    options.note(volume, row, given);
  }

  /**
   * The rows of a volume that is about to be made, so that it is made together with its settings.
   *
   * @param rules null for the default, which is this start's option for its name, or else the
   *     standard
   * @param profile null likewise
   */
  Map<String, byte[]> rowsOf(String volumeName, List<ExportRule> rules, ArrayProfile profile) {
    Map<String, byte[]> rows = new HashMap<>();
    List<ExportRule> told =
        rules == null ? givenRules.getOrDefault(volumeName, STANDARD_RULES) : rules;
    rows.put(EXPORTS, bytesOf(told));
    if (givenRules.containsKey(volumeName)) {
      rows.put(ToldOptions.row(EXPORTS), bytesOf(givenRules.get(volumeName)));
    }
    if (givenProfiles.containsKey(volumeName)) {
      rows.put(ToldOptions.row(PROFILE), StoredProfile.bytesOf(givenProfiles.get(volumeName)));
    }
    ArrayProfile behavior = profile == null ? givenProfiles.get(volumeName) : profile;
    if (behavior != null) {
      rows.put(PROFILE, StoredProfile.bytesOf(behavior));
    }
    return rows;
  }

  /**
   * Exports a volume at once if it was made with export rules. Otherwise it is exported when rules
   * are set.
   */
  @Override
  public void volumeMade(Volume volume) {
    if (stored.get(volume, EXPORTS).isPresent()) {
      show(volume);
    }
  }

  /** Called after volumes went or came back; the stored settings may be those of a named state. */
  @Override
  public void changed(Set<Volume> gone, Set<Volume> returned) {
    gone.forEach(volume -> told.remove(volume.id()));
    for (Volume volume : gone) {
      exports.show(volume, () -> null);
      profiles.show(volume.name(), () -> givenProfiles.get(volume.name()));
    }
    storage.volumes().forEach(this::show);
  }

  private void show(Volume volume) {
    exports.show(volume, () -> rulesOf(volume));
    profiles.show(volume.name(), () -> profileOf(volume));
    Set<String> before = told.getOrDefault(volume.id(), Set.of());
    Set<String> now =
        Stream.of(EXPORTS, PROFILE)
            .filter(name -> stored.get(volume, name).isPresent())
            .collect(Collectors.toUnmodifiableSet());
    told.put(volume.id(), now);
    for (String name : Sets.difference(before, now)) {
      LOG.warn(
          "volume {}: the restored state says nothing of its {}; {}",
          volume.name(),
          name,
          whatHoldsOf(volume, name));
    }
  }

  private String whatHoldsOf(Volume volume, String name) {
    boolean isGiven =
        name.equals(EXPORTS)
            ? givenRules.containsKey(volume.name())
            : givenProfiles.containsKey(volume.name());
    String standard = name.equals(EXPORTS) ? textOf(STANDARD_RULES) : "the standard profile";
    return isGiven
        ? "this start's option holds, and a start without one gives " + standard
        : "now it has " + standard;
  }

  // ---------------------------------------------------------------- exports

  /** The stored rules; null if the volume is not exported at all. */
  private List<ExportRule> rulesOf(Volume volume) {
    Optional<byte[]> row = stored.get(volume, EXPORTS);
    if (row.isEmpty()) {
      return givenRules.getOrDefault(volume.name(), STANDARD_RULES);
    }
    String text = new String(row.get(), UTF_8);
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      LOG.error(
          "volume {} is exported to nobody: its stored export rules cannot be read: {}",
          volume.name(),
          e.getMessage());
      return List.of();
    }
  }

  private static List<ExportRule> parse(String text) {
    if (text.equals(WITHDRAWN)) {
      return null;
    }
    return text.isEmpty() ? List.of() : ExportSyntax.parseRules(text);
  }

  private static String textOf(List<ExportRule> rules) {
    return rules.stream().map(ExportRule::toString).collect(Collectors.joining(" "));
  }

  /** Null stands for a volume that is not exported at all. */
  private static byte[] bytesOf(List<ExportRule> rules) {
    String text = rules == null ? WITHDRAWN : textOf(rules);
    if (rules != null && !rules.equals(parse(text))) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "rules that cannot be written as text: " + text);
    }
    return text.getBytes(UTF_8);
  }

  private void store(Volume volume, List<ExportRule> rules) {
    stored.put(volume, EXPORTS, bytesOf(rules));
    noteTold(volume, EXPORTS);
  }

  private void noteTold(Volume volume, String name) {
    told.merge(
        volume.id(), Set.of(name), (before, more) -> Sets.union(before, more).immutableCopy());
  }

  // ---------------------------------------------------------------- profiles

  /** The stored profile; null for the default. */
  private ArrayProfile profileOf(Volume volume) {
    Optional<byte[]> row = stored.get(volume, PROFILE);
    if (row.isEmpty()) {
      return givenProfiles.get(volume.name());
    }
    try {
      return StoredProfile.read(row.get());
    } catch (IllegalArgumentException e) {
      LOG.error(
          "volume {} behaves as the standard: its stored VAAI profile cannot be read: {}",
          volume.name(),
          e.getMessage());
      return null;
    }
  }

  /** Stores a profile. One that is set for a volume that does not exist yet is not stored. */
  private void store(String volumeName, ArrayProfile profile) {
    storage
        .volume(volumeName)
        .ifPresent(
            volume -> {
              stored.put(volume, PROFILE, StoredProfile.bytesOf(profile));
              noteTold(volume, PROFILE);
            });
  }
}
