/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Debian's qemu-img, which we did not write, judges what every shipped scenario leaves. It opens
 * every descriptor in every volume with all its parents ({@code info}), checks every redo log
 * ({@code check}), and compares every state that somebody knows with what the guest wrote, byte by
 * byte ({@code compare}): live disks, states of snapshots, and therefore both sibling redo logs.
 */
class QemuJudgesScenariosTest {
  /** They leave no VM, or one that a host knows from its files only. */
  private static final List<String> NOTHING_KNOWN =
      List.of(
          "32-reserve-too-much", "35-lock-taken-over", "37-source-deleted", "nfs41-share-denied");

  @TempDir private Path folder;

  @BeforeAll
  static void needsQemuImg() {
    QemuImages.assumeInstalled();
  }

  static List<String> names() {
    return ShippedScenarios.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void acceptsEveryDiskAndChainThatIsLeft(String name) throws Exception {
    List<String> judged = judge(scenario(name));
    assertThat(judged.isEmpty())
        .as("%s: compared %s", name, judged)
        .isEqualTo(NOTHING_KNOWN.contains(name));
  }

  /** A GiB is as good as 64 MiB here, and takes sixteen times as long. */
  private static Scenario scenario(String name) throws Exception {
    return name.equals("11-overwrite-the-clone")
        ? ScenarioReader.parse(
            ShippedScenarios.yaml(name)
                .replace("1GiB", "64MiB")
                .replace("1280MiB", "80MiB")
                .replace("1025MiB", "65MiB"),
            name)
        : ShippedScenarios.scenario(name);
  }

  @Test
  void readsBothSiblingRedoLogsOfAQuiescedSnapshotInBothFormats() throws Exception {
    for (String version : List.of("6.7", "9.0")) {
      List<String> judged =
          judge(
              ScenarioReader.parse(
                  """
                  name: siblings
                  title: A quiesced snapshot of Windows 2008 R2 stays, and the guest writes on
                  hosts: {esx1: {version: "%s"}}
                  vms: {w2008: {guest: Windows 2008 R2}}
                  steps:
                  - snapshot: {vm: w2008, name: quiesced, quiesce: true}
                  - write: {vm: w2008, at: 1536, size: 3MiB}
                  - snapshot: {vm: w2008, name: second, quiesce: true}
                  - write: {vm: w2008, at: 2MiB, size: 3MiB}
                  """
                      .formatted(version),
                  "siblings.yaml"));
      assertThat(judged).as(version).hasSize(3);
      assertThat(judged).filteredOn(path -> path.contains("-0000")).hasSize(3);
    }
  }

  @Test
  void oneWrongByteIsFound() throws Exception {
    var unused =
        ScenarioRun.run(
            ShippedScenarios.scenario("12-leftover-snapshot"),
            11,
            CloneOffloadPolicy.esxi(),
            stage -> {
              try {
                Stage.ReadableDisk disk = stage.readable().get(0);
                Path expected = QemuImages.expected(folder, disk.contents());
                QemuImages.flipOneByte(expected, disk.contents());
                Path volume = copyOut(stage, disk);
                assertThat(
                        QemuImages.tryRun(
                            "compare", volume.resolve(disk.descriptorPath()), expected))
                    .contains("Content mismatch");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  /** Runs a scenario and judges what it leaves; returns the descriptors of the known states. */
  private List<String> judge(Scenario scenario) throws Exception {
    List<String> judged = new ArrayList<>();
    var unused =
        ScenarioRun.run(
            scenario,
            11,
            CloneOffloadPolicy.esxi(),
            stage -> {
              try {
                judge(stage, judged);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    return judged;
  }

  private void judge(Stage stage, List<String> judged) throws IOException {
    TreeMap<String, Path> volumes = new TreeMap<>();
    for (String array : stage.arrays().keySet()) {
      for (String volume : stage.site().arrays().get(array).volumes().keySet()) {
        Path into = Files.createTempDirectory(folder, "volume");
        QemuImages.copyOut(stage.array(array).storage().volume(volume).orElseThrow(), into);
        volumes.put(array + "/" + volume, into);
        for (Path descriptor : QemuImages.descriptors(into)) {
          QemuImages.openWithParents(descriptor);
        }
      }
    }
    for (Stage.ReadableDisk disk : stage.readable()) {
      Path volume = volumes.get(disk.where().array() + "/" + disk.where().volume());
      Path expected = QemuImages.expected(folder, disk.contents());
      QemuImages.requireSame(volume.resolve(disk.descriptorPath()), expected);
      Files.delete(expected);
      judged.add(disk.descriptorPath());
    }
    for (Path volume : volumes.values()) {
      QemuImages.delete(volume);
    }
  }

  private Path copyOut(Stage stage, Stage.ReadableDisk disk) throws IOException {
    Path into = Files.createTempDirectory(folder, "volume");
    QemuImages.copyOut(
        stage.array(disk.where().array()).storage().volume(disk.where().volume()).orElseThrow(),
        into);
    return into;
  }
}
