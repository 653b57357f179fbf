/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.facsim.management.ShownConfiguration;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.units.ByteSize;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * All options of {@code facsim serve} with the values that count, and where these come from. No
 * option holds a secret: tokens and keys are in files or in the environment, and an option names at
 * most the file.
 */
final class EffectiveSettings {
  private EffectiveSettings() {}

  /**
   * Of a command line that was parsed.
   *
   * @param defaults what the environment and the file said for it
   */
  static List<EffectiveSetting> of(CommandLine serve, ServeDefaults defaults) {
    ParseResult parsed = serve.getParseResult();
    List<EffectiveSetting> settings = new ArrayList<>();
    for (OptionSpec option : new ServeOptionTable(serve.getCommandSpec()).options()) {
      if (parsed.hasMatchedOption(option)) {
        String value = String.join(",", parsed.matchedOption(option.longestName()).stringValues());
        settings.add(
            new EffectiveSetting(
                ServeDefaults.nameOf(option),
                value,
                EffectiveSetting.Source.FLAG,
                option.longestName()));
      } else {
        settings.add(withVolumes(defaults.setting(option), defaults.configuration()));
      }
    }
    return settings;
  }

  /** The file gives volumes in a form of their own. */
  private static EffectiveSetting withVolumes(EffectiveSetting volume, ServeConfiguration read) {
    if (!volume.name().equals("volume")
        || volume.source() != EffectiveSetting.Source.DEFAULT
        || read.volumes().isEmpty()) {
      return volume;
    }
    String volumes =
        read.volumes().stream().map(EffectiveSettings::inWords).collect(Collectors.joining(","));
    return new EffectiveSetting(
        volume.name(), volumes, EffectiveSetting.Source.FILE, ServeConfiguration.VOLUMES);
  }

  private static String inWords(VolumeSpec volume) {
    long bytes = volume.sizeBytes();
    String size =
        bytes % ByteSize.GIB == 0 ? bytes / ByteSize.GIB + "GiB" : bytes / ByteSize.KIB + "KiB";
    return volume.name() + "=" + size;
  }

  /** As the array tells them to whoever asks for its configuration. */
  static ShownConfiguration shown(CommandLine serve) {
    String version = EffectiveSettings.class.getPackage().getImplementationVersion();
    return new ShownConfiguration(
        Objects.requireNonNullElse(version, "(unpackaged)"),
        of(serve, ServeDefaults.usedBy(serve)).stream()
            .map(
                each ->
                    new ShownConfiguration.Setting(
                        each.name(), each.value(), each.source().label(), each.where()))
            .toList());
  }
}
