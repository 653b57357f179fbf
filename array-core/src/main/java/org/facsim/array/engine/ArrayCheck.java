/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayOptions;
import org.facsim.array.log.Home;
import org.facsim.array.log.file.DataDirectory;
import org.facsim.array.volume.VolumeLimits;

/**
 * Recounts a durable array that nobody uses: references, owners, exclusive and charged blocks,
 * totals, reachability, leaks, directory structure, checksums of metadata and payload.
 *
 * <p>While it looks, it shares the directory's lock, so that no array is opened there. It changes
 * nothing, not even the lock, and needs no right to write. It needs as much memory as the array,
 * and in addition 12 bytes for each mapped block and some hundred bytes for each file.
 */
public final class ArrayCheck {
  private ArrayCheck() {}

  /**
   * Returns what differs, with one line for each difference; empty if all is well. Of differences
   * of one kind, the first {@value org.facsim.array.block.AuditFindings#MAX_OF_A_KIND} are listed
   * and the others counted. Damage that keeps the array from being opened is one line.
   *
   * @throws ArrayException BUSY if a process uses the directory, INVALID_ARGUMENT if the directory
   *     is not a data directory, NOT_SUPPORTED if its format is another version's
   */
  public static List<String> of(Path dataDirectory) {
    try {
      return of(DataDirectory.openExisting(dataDirectory));
    } catch (ArrayException e) {
      if (e.error() == ArrayError.IO) {
        return List.of(e.getMessage());
      }
      throw e;
    }
  }

  private static List<String> of(Home home) {
    ArrayOptions options = new ArrayOptions(Long.MAX_VALUE, InstantSource.system(), 0);
    ArrayEngine array = ArrayEngine.load(options, VolumeLimits.DEFAULT, home);
    try {
      List<String> problems = new ArrayList<>(array.payloadDamage());
      problems.addAll(ArrayAudit.of(array));
      return problems;
    } finally {
      array.abandon();
    }
  }
}
