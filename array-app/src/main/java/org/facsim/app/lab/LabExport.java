/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.facsim.app.scenario.WrongFileException;

/**
 * Writes an incident as a step for lab platforms: a directory with {@code text.md} (what the
 * trainee reads), {@code setup.sh} (starts the lab in the background), {@code check.sh} (ends with
 * 0 if it is solved), {@code solve.sh} (for the trainer's own test) and {@code step.json} (title,
 * files, seed). The scripts need {@code facsim} on the path, or {@code FACSIM} with its place.
 */
public final class LabExport {
  private LabExport() {}

  /**
   * Writes the files.
   *
   * @param nameOrFile of the lab
   * @param seed with which setup.sh starts it; the text has the names that follow from it
   * @param directory must not exist, or be empty
   * @return the names of the files
   * @throws WrongFileException if the lab's file is wrong
   * @throws IOException if they cannot be written
   */
  public static List<String> write(String nameOrFile, long seed, Path directory)
      throws WrongFileException, IOException {
    LabFile lab = ShippedLabs.read(nameOrFile, seed);
    Files.createDirectories(directory);
    try (var there = Files.list(directory)) {
      if (there.findAny().isPresent()) {
        throw new FileAlreadyExistsException(directory + " is not empty");
      }
    }
    boolean isFile = ShippedLabs.text(nameOrFile).isEmpty();
    String ofSetup = isFile ? "\"$(dirname \"$0\")/lab.yaml\"" : nameOrFile;
    if (isFile) {
      Files.copy(Path.of(nameOrFile), directory.resolve("lab.yaml"));
    }
    Files.writeString(directory.resolve("text.md"), text(lab), UTF_8);
    Files.writeString(directory.resolve("step.json"), json(lab), UTF_8);
    script(directory.resolve("setup.sh"), setup(ofSetup, seed));
    script(directory.resolve("check.sh"), HEAD + "exec \"$FACSIM\" lab check\n");
    script(directory.resolve("solve.sh"), solve(lab));
    try (var written = Files.list(directory)) {
      return written.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static final String HEAD =
      """
      #!/bin/sh
      set -e
      FACSIM=${FACSIM:-facsim}
      """;

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text, UTF_8);
    if (!file.toFile().setExecutable(true, false)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  private static String text(LabFile lab) {
    return "# "
        + lab.title()
        + "\n\n"
        + lab.text().strip()
        + "\n\nType `facsim lab hosts` to see what there is, `facsim lab causes` and `facsim lab"
        + " answer CAUSE ABOUT` to state the cause, `facsim lab hint` for a hint that costs points,"
        + " `facsim lab check` for the score, and `facsim lab reset` to begin again.\n";
  }

  private static String setup(String lab, long seed) {
    return HEAD
        + """
        FACSIM_HTTP=${FACSIM_HTTP:-127.0.0.1:8080}
        dir=${FACSIM_LAB_DIR:-${TMPDIR:-/tmp}}
        ready=$dir/facsim-lab-ready.json
        rm -f "$ready"
        nohup "$FACSIM" serve --lab %s --lab-seed %d --nfs-port 0 \\
          --http-port "${FACSIM_HTTP##*:}" --ready-file "$ready" \\
          >"$dir/facsim-lab.log" 2>&1 </dev/null &
        echo $! >"$dir/facsim-lab.pid"
        i=0
        while [ ! -s "$ready" ]; do
          i=$((i + 1))
          if [ $i -gt 300 ] || ! kill -0 "$(cat "$dir/facsim-lab.pid")" 2>/dev/null; then
            cat "$dir/facsim-lab.log" >&2
            exit 1
          fi
          sleep 1
        done
        """
            .formatted(lab, seed);
  }

  private static String solve(LabFile lab) {
    StringBuilder script = new StringBuilder(HEAD.replace("set -e\n", ""));
    lab.incident()
        .ifPresent(
            incident ->
                incident
                    .steps()
                    .forEach(
                        step ->
                            script
                                .append(step.replaceFirst("^facsim ", "\"\\$FACSIM\" "))
                                .append('\n')));
    return script.toString();
  }

  private static String json(LabFile lab) {
    return String.format(
        Locale.ROOT,
        """
        {
          "name": "%s",
          "title": "%s",
          "seed": "%d",
          "text": "text.md",
          "setup": "setup.sh",
          "check": "check.sh",
          "solve": "solve.sh"
        }
        """,
        lab.name(),
        lab.title().replace("\\", "\\\\").replace("\"", "\\\""),
        lab.seed());
  }
}
