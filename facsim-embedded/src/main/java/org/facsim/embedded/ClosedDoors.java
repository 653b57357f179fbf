/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.function.BooleanSupplier;
import org.facsim.services.control.SidebandException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The doors of an array that is away, until they open where they were: their ports, which are kept
 * so that nobody else takes them, and the hosts whose locks are lost. Not thread-safe.
 */
final class ClosedDoors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClosedDoors.class);

  /** So many times, in pauses of {@value #BIND_PAUSE_MILLIS} ms, an address may still be taken. */
  private static final int BIND_ATTEMPTS = 100;

  private static final long BIND_PAUSE_MILLIS = 100;

  private final ArrayAssembly assembly;
  private final ArrayPorts ports;
  private final ArrayRun.Left left;
  private PortKeeper keeper;

  private ClosedDoors(ArrayAssembly assembly, ArrayPorts ports, ArrayRun.Left left) {
    this.assembly = assembly;
    this.ports = ports;
    this.left = left;
  }

  /** Closes the doors of a run, and keeps their ports. */
  static ClosedDoors of(ArrayRun run, ArrayAssembly assembly) {
    ClosedDoors closed = new ClosedDoors(assembly, run.ports(), run.leave());
    Closing.quietly(run::closeDoors);
    closed.keep();
    return closed;
  }

  private void keep() {
    keeper = ports.keep(assembly.listen());
  }

  /**
   * Opens the doors again, of another run. If that fails, their ports are kept as before.
   *
   * @param givesUp whether nobody wants them any more
   * @throws IOException if an address stays taken
   */
  ArrayRun open(ArrayRun.Stored stored, BooleanSupplier givesUp) throws IOException {
    boolean open = false;
    try {
      keeper.close();
      ArrayRun next = tryToOpen(stored, givesUp);
      open = true;
      return next;
    } finally {
      if (!open) {
        keep();
      }
    }
  }

  private ArrayRun tryToOpen(ArrayRun.Stored stored, BooleanSupplier givesUp) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return assembly.openDoors(stored, ports, left);
      } catch (IOException | UncheckedIOException e) {
        if (attempt == BIND_ATTEMPTS || !isTaken(e) || givesUp.getAsBoolean()) {
          throw e;
        }
        LOG.debug("an address is still taken", e);
        pause();
      }
    }
  }

  private static boolean isTaken(Throwable failure) {
    return failure instanceof BindException
        || failure instanceof SidebandException
        || (failure.getCause() != null && isTaken(failure.getCause()));
  }

  private static void pause() {
    try {
      Thread.sleep(BIND_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives the ports back, if they are kept. */
  @Override
  public void close() {
    keeper.close();
  }
}
