/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import java.util.List;
import java.util.function.Supplier;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.xdr.Xdr;

/**
 * Answers where programs are served. Read-only: SET and UNSET say no to everybody, and CALLIT,
 * which would let a caller borrow this host's address, is not there.
 */
public final class PortmapProgram implements RpcProgram {
  /** The program number. */
  public static final int NUMBER = 100_000;

  public static final int VERSION = 2;

  public static final int NULL = 0;
  public static final int SET = 1;
  public static final int UNSET = 2;
  public static final int GETPORT = 3;
  public static final int DUMP = 4;

  private final Supplier<List<PortMapping>> mappings;

  /**
   * @param mappings asked with every call, on the event loop; the port of a server that took a free
   *     one is known only after its start
   */
  public PortmapProgram(Supplier<List<PortMapping>> mappings) {
    this.mappings = mappings;
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public int lowestVersion() {
    return VERSION;
  }

  @Override
  public int highestVersion() {
    return VERSION;
  }

  @Override
  public void call(RpcCall call) {
    switch (call.procedure()) {
      case NULL -> call.reply();
      case SET, UNSET -> {
        PortMapping.read(call.arguments());
        Xdr.writeBoolean(call.reply(), false);
      }
      case GETPORT -> {
        int port = port(PortMapping.read(call.arguments()));
        call.reply().writeInt(port);
      }
      case DUMP -> PortMapping.writeList(call.reply(), mappings.get());
      default -> call.procedureUnavailable();
    }
  }

  /**
   * The port of the version asked for; else of any version of the program, whose PROG_MISMATCH then
   * tells the caller what there is; else 0.
   */
  private int port(PortMapping asked) {
    int port = 0;
    for (PortMapping mapping : mappings.get()) {
      if (mapping.program() == asked.program() && mapping.protocol() == asked.protocol()) {
        port = mapping.port();
        if (mapping.version() == asked.version()) {
          return port;
        }
      }
    }
    return port;
  }
}
