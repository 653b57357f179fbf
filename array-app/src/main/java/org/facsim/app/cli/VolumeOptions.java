/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.facsim.app.ProfileFile;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.services.access.ExportRule;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.offload.ArrayProfile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options of {@code facsim serve} that say which volumes the array has, and who may use them.
 */
final class VolumeOptions {
  /** What tells that a directory has an array already: since format 3, and before. */
  private static final List<String> DATA_CATALOGS = List.of("metadata.catalog", "metadata.db");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-v", "--volume"},
      paramLabel = "NAME=SIZE[,profile=PROFILE]",
      converter = Converters.Volume.class,
      defaultValue = "datastore1=1TiB",
      split = ",",
      hideParamSyntax = true,
      description = {
        "A thin volume, exported as /NAME; repeat it for more.",
        "SIZE: at least 1MiB, for example 512MiB, 16.5GiB, 1TiB. PROFILE: as --vaai-profile says.",
        "Default: ${DEFAULT-VALUE}"
      })
  private List<Converters.VolumeWord> volumeWords;

  /** What {@link #volumeWords} or the file say. */
  private List<VolumeSpec> volumes;

  @Option(
      names = "--export",
      paramLabel = "NAME=RULES",
      converter = Converters.Export.class,
      split = "\n",
      hideParamSyntax = true,
      description = {
        "Who may do what on a volume, in the words of exports(5); repeat it for more, for example"
            + " 'datastore1=10.0.0.0/8(ro,root_squash) *(rw)'. The narrowest rule for an address counts.",
        "Without it: everyone, rw,no_root_squash,insecure. See docs/configuration.md."
      })
  private List<Converters.ExportLine> exports = List.of();

  @Option(
      names = "--vaai-profile",
      paramLabel = "VOLUME=NAME|FILE",
      description = {
        "How a volume behaves toward hosts that offload clones: a profile of 'facsim profiles', or"
            + " a YAML file. Repeat it for more volumes. Default: sharing"
      })
  private Map<String, String> vaaiProfiles = new LinkedHashMap<>();

  @Option(
      names = {"-d", "--data-dir"},
      paramLabel = "DIR",
      description = {
        "Where the array lives; made if nothing is there. Volumes that are there are exported too,"
            + " and --volume adds or resizes. Without it the array lives in memory and ends with the"
            + " process."
      })
  private Path dataDirectory;

  /** Where the array lives; empty if in memory. */
  Optional<Path> dataDirectory() {
    return Optional.ofNullable(dataDirectory);
  }

  /**
   * Passes all options to the builder.
   *
   * @throws ParameterException for two volumes of one name, or a profile that does not exist
   */
  void applyTo(ArrayBuilder builder) {
    useVolumes();
    rejectDuplicateNames();
    rules().forEach(builder::export);
    vaaiProfiles.forEach((volume, profile) -> builder.vaaiProfile(volume, profile(profile)));
    if (dataDirectory != null) {
      builder.dataDirectory(dataDirectory);
    }
    if (!hasArray() || volumesAreNamed()) {
      volumes.forEach(builder::volume);
    }
  }

  /** Whether an array lives in the data directory; then the standard volume is not for it. */
  private boolean hasArray() {
    return dataDirectory != null
        && DATA_CATALOGS.stream().anyMatch(name -> Files.exists(dataDirectory.resolve(name)));
  }

  /**
   * Checks that none of these options is given.
   *
   * @param beside what they do not go with
   * @throws ParameterException if one is
   */
  void requireNone(String beside) {
    if (volumesAreNamed()
        || !exports.isEmpty()
        || !vaaiProfiles.isEmpty()
        || dataDirectory != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--volume, --export, --vaai-profile or --data-dir; allowed: none of them with " + beside);
    }
  }

  private void rejectDuplicateNames() {
    Set<String> names = new HashSet<>();
    for (VolumeSpec volume : volumes) {
      if (!names.add(volume.name())) {
        throw new ParameterException(
            spec.commandLine(),
            "volume '" + volume.name() + "' is there twice; allowed: each name once");
      }
    }
  }

  private ArrayProfile profile(String nameOrFile) {
    try {
      return ProfileFile.find(nameOrFile);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--vaai-profile: " + e.getMessage(), e);
    }
  }

  /** Uses the volumes of the file, unless the command line or the environment names some. */
  private void useVolumes() {
    List<VolumeSpec> configured = configuration().volumes();
    if (!volumesAreGiven() && !configured.isEmpty()) {
      volumes = configured;
      return;
    }
    volumes = new ArrayList<>();
    for (Converters.VolumeWord word : volumeWords) {
      if (word.volume() != null) {
        volumes.add(word.volume());
      } else {
        useProfile(word.profile());
      }
    }
  }

  /** Of the volume that was named last. */
  private void useProfile(String profile) {
    if (volumes.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--volume: 'profile=" + profile + "' stands alone; allowed: NAME=SIZE,profile=PROFILE");
    }
    String volume = volumes.get(volumes.size() - 1).name();
    String before = vaaiProfiles.putIfAbsent(volume, profile);
    if (before != null && !before.equals(profile)) {
      throw new ParameterException(
          spec.commandLine(),
          "volume '"
              + volume
              + "' has two profiles, '"
              + before
              + "' and '"
              + profile
              + "'; allowed: one, by --volume or by --vaai-profile");
    }
  }

  private boolean volumesAreNamed() {
    return volumesAreGiven() || !configuration().volumes().isEmpty();
  }

  private boolean volumesAreGiven() {
    OptionSpec option = spec.findOption("--volume");
    return spec.commandLine().getParseResult().hasMatchedOption(option)
        || (spec.defaultValueProvider() instanceof ServeDefaults defaults
            && defaults.gives(option));
  }

  private ServeConfiguration configuration() {
    return spec.defaultValueProvider() instanceof ServeDefaults defaults
        ? defaults.configuration()
        : ServeConfiguration.NONE;
  }

  /**
   * The rules of each volume. Rules of the command line or the environment replace those of the
   * file.
   */
  private Map<String, List<ExportRule>> rules() {
    Map<String, List<ExportRule>> given = new LinkedHashMap<>();
    for (Converters.ExportLine line : exports) {
      given.computeIfAbsent(line.volume(), name -> new ArrayList<>()).addAll(line.rules());
    }
    Map<String, List<ExportRule>> rules = new LinkedHashMap<>(configuration().exports());
    rules.putAll(given);
    if (volumesAreGiven()) {
      Set<String> names = volumes.stream().map(VolumeSpec::name).collect(Collectors.toSet());
      rules.keySet().removeIf(name -> !names.contains(name) && !given.containsKey(name));
    }
    return rules;
  }
}
