/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayException;
import org.facsim.array.SystemFailure;
import org.facsim.embedded.FacsimArray;
import org.facsim.services.control.VolumeSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is in the volumes from the start. */
final class SeedOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "DIR",
      description = {
        "A directory whose contents are copied into the array before the ready line: what is in"
            + " DIR/datastore1 goes into the volume datastore1, if that volume is empty."
      })
  private Path directory;

  /**
   * Copies. A volume that has anything in it is left as it is, so that an array with a data
   * directory is seeded once.
   *
   * @throws ParameterException if there is no such directory, or not everything in it is the
   *     directory of a volume
   * @throws CommandFailedException if something cannot be read, or does not fit
   */
  void applyTo(FacsimArray array) throws CommandFailedException {
    if (directory == null) {
      return;
    }
    for (Path each : seeds(array)) {
      String volume = "/" + each.getFileName();
      if (array.files().list(volume).isEmpty()) {
        copy(array, each, volume);
      }
    }
  }

  private static void copy(FacsimArray array, Path from, String volume)
      throws CommandFailedException {
    try {
      array.files().copyIn(from, volume);
      array.files().awaitDurable(volume.substring(1));
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot seed %s: %s".formatted(volume, SystemFailure.inWords(e)), e);
    } catch (ArrayException e) {
      throw new CommandFailedException("cannot seed %s: %s".formatted(volume, e.getMessage()), e);
    }
  }

  private List<Path> seeds(FacsimArray array) throws CommandFailedException {
    List<String> volumes = array.volumes().stream().map(VolumeSpec::name).toList();
    List<Path> seeds = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      throw wrong("'%s' is no directory; allowed: one with a directory for each volume to seed");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (!Files.isDirectory(entry) || !volumes.contains(entry.getFileName().toString())) {
          throw wrong(
              "'%s' has "
                  + entry.getFileName()
                  + ", which is no directory of a volume; allowed: "
                  + String.join(", ", volumes));
        }
        seeds.add(entry);
      }
    } catch (IOException e) {
      throw new CommandFailedException(
          "cannot read %s: %s".formatted(directory, SystemFailure.inWords(e)), e);
    }
    seeds.sort(null);
    return seeds;
  }

  private ParameterException wrong(String format) {
    return new ParameterException(spec.commandLine(), "--seed: " + format.formatted(directory));
  }
}
