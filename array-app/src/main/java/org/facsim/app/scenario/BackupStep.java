/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.facsim.app.scenario.StepReader.Deed;
import org.facsim.hypervisor.backup.BackupRequest;
import org.facsim.hypervisor.backup.BackupResult;
import org.facsim.hypervisor.backup.VddkVersion;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;

/** A backup program reads the quiesced state of a VM. */
final class BackupStep {
  private BackupStep() {}

  /** A stretch that the program got, with the word that it begins with. */
  private record Stretch(int disk, long offsetBytes, int lengthBytes, long word) {}

  static Deed read(Names names, YamlNode node) {
    String vm = names.vm(node.get("vm").orElseThrow()).orElse("");
    VddkVersion version =
        node.text("vddk").orElse("1.2").equals("1.1") ? VddkVersion.V1_1 : VddkVersion.V1_2;
    boolean incremental = node.flag("incremental", false);
    return new Deed(
        "a backup program with VDDK %s backs %s up".formatted(version, vm)
            + (incremental ? ", what changed since the last backup" : ""),
        stage -> run(stage, vm, version, incremental));
  }

  private static Outcome run(Stage stage, String vm, VddkVersion version, boolean incremental) {
    Stage.Resident resident = stage.resident(vm);
    List<Stretch> stretches = new ArrayList<>();
    BackupRequest full =
        BackupRequest.full(
            version,
            (disk, offset, data) ->
                stretches.add(new Stretch(disk, offset, data.length, firstWord(data))));
    try {
      BackupRequest request = incremental ? full.since(lastBackup(stage, vm)) : full;
      BackupResult result =
          stage.await(stage.host(resident.host()).operations().backup(resident.vm(), request));
      stage.backedUp(vm, result);
      boolean matches =
          (incremental || !stretches.isEmpty())
              && stretches.stream().allMatch(each -> isAs(each, result.contents()));
      return Outcome.DONE
          .with("level", result.quiescing().level().label())
          .with("redo-logs-per-disk", result.quiescing().redoLogsPerDisk())
          .with("read", result.readBytes())
          .with("incremental", Boolean.toString(result.incremental()))
          .with("quiesced-state", Boolean.toString(matches));
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  private static BackupResult lastBackup(Stage stage, String vm) {
    return stage
        .lastBackup(vm)
        .orElseThrow(
            () ->
                new MethodFaultException(
                    FaultType.NOT_FOUND, vm + " was not backed up in this scenario"));
  }

  private static long firstWord(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static boolean isAs(Stretch stretch, List<DiskContents> contents) {
    return stretch.word == contents.get(stretch.disk).wordAt(stretch.offsetBytes);
  }
}
