/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.services.access.ExportTable;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.ArrayFaults;
import org.facsim.services.faults.DoorVocabulary;
import org.facsim.services.faults.FaultGround;

/** Shows fault rules the array that is there now. Thread-safe. */
final class FaultedArray implements FaultGround {
  private final InstantSource clock;
  private final DoorVocabulary doors;
  private volatile StorageArray storage;
  private volatile ExportTable exports;
  private volatile ArrayFaults array;

  FaultedArray(InstantSource clock, Calls calls) {
    this.clock = clock;
    Map<Door, List<String>> procedures = new EnumMap<>(Door.class);
    for (Door door : Door.values()) {
      if (door != Door.HTTP && door != Door.UNKNOWN) {
        procedures.put(door, RpcProcedures.names(door));
      }
    }
    this.doors = new DoorVocabulary(procedures, calls.statuses());
  }

  /** From now on this is the array; null while it is away. */
  void shows(StorageArray nowStorage, ExportTable nowExports) {
    storage = nowStorage;
    exports = nowExports;
  }

  /** What can happen to the whole array. */
  void suffers(ArrayFaults faults) {
    array = faults;
  }

  private static <T> T present(T part) {
    if (part == null) {
      throw new ArrayException(ArrayError.BUSY, "the array is away, and comes back");
    }
    return part;
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public DoorVocabulary doors() {
    return doors;
  }

  @Override
  public List<Volume> volumes() {
    return present(storage).volumes();
  }

  /** Of the volumes that are there; none are known while the array is away. */
  List<String> volumeNames() {
    StorageArray now = storage;
    return now == null ? List.of() : now.volumes().stream().map(Volume::name).toList();
  }

  @Override
  public boolean isExported(Volume volume) {
    return present(exports).ofVolume(volume.id()) != null;
  }

  @Override
  public Inode resolve(FileHandle handle) {
    return present(storage).resolve(handle);
  }

  @Override
  public ArrayFaults array() {
    return array;
  }
}
