/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * One client's counters on one event loop. Only that loop writes them; any thread may read them.
 */
final class ClientCounters {
  private static final int PROCEDURES = 96;

  private final LongSupplier nanoClock;
  private final List<ProgramCounters> programs = new CopyOnWriteArrayList<>();

  /** Where the previous call was counted, which nearly always is the right place. */
  private ProgramCounters latest;

  ClientCounters(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** One version of one program. */
  private record ProgramCounters(
      RpcProgram program, int version, AtomicReferenceArray<ProcedureCounters> procedures) {}

  /** The counters of a procedure. Only the loop may call this. */
  @SuppressWarnings("ReferenceEquality") // identity is meant
  ProcedureCounters of(RpcProgram program, int version, int procedure) {
    ProgramCounters counted = latest;
    if (counted == null || counted.program != program || counted.version != version) {
      counted = find(program, version);
      latest = counted;
    }
    int index = procedure >= 0 && procedure < PROCEDURES ? procedure : PROCEDURES - 1;
    ProcedureCounters of = counted.procedures.getPlain(index);
    if (of == null) {
      of = new ProcedureCounters(program.answersWithStatus(procedure), nanoClock);
      counted.procedures.setRelease(index, of);
    }
    return of;
  }

  @SuppressWarnings("ReferenceEquality") // as above
  private ProgramCounters find(RpcProgram program, int version) {
    for (ProgramCounters each : programs) {
      if (each.program == program && each.version == version) {
        return each;
      }
    }
    ProgramCounters added =
        new ProgramCounters(program, version, new AtomicReferenceArray<>(PROCEDURES));
    programs.add(added);
    return added;
  }

  /** The counts so far. Any thread may call this. */
  List<CallCounts> read(String client) {
    List<CallCounts> rows = new ArrayList<>();
    for (ProgramCounters each : programs) {
      for (int index = 0; index < PROCEDURES; index++) {
        ProcedureCounters counters = each.procedures.getAcquire(index);
        if (counters != null) {
          int procedure = index < PROCEDURES - 1 ? index : CallStatistics.OTHER_PROCEDURES;
          rows.add(counters.read(client, each.program.number(), each.version, procedure));
        }
      }
    }
    return rows;
  }
}
