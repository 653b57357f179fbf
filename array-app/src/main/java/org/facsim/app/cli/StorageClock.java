/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.facsim.embedded.SteppedClock;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What files have their times from: the value of {@code --clock}. */
interface StorageClock {
  /** The machine's clock. */
  StorageClock SYSTEM = seed -> Clock.systemUTC();

  /** A stepped clock that begins where the seed says. */
  StorageClock OF_SEED = SteppedClock::ofSeed;

  /** Makes the clock of an array. */
  InstantSource of(long seed);

  /** Reads the option. */
  final class Form implements ITypeConverter<StorageClock>, ValueForm {
    private static final Instant FIRST = Instant.EPOCH;

    /**
     * NFSv3 has 32 bits for seconds; a day for each start, and a step for each change, come upon
     * it.
     */
    private static final Instant LAST =
        Instant.ofEpochSecond(0xffff_ffffL).minus(Duration.ofDays(10_000));

    @Override
    public StorageClock convert(String text) {
      if (text.equals("system")) {
        return SYSTEM;
      }
      return text.equals("seed") ? OF_SEED : startingAt(text);
    }

    private StorageClock startingAt(String text) {
      try {
        Instant start = Instant.parse(text);
        if (!start.isBefore(FIRST) && !start.isAfter(LAST)) {
          return seed -> SteppedClock.startingAt(start);
        }
      } catch (DateTimeException e) {
        // said below
      }
      throw new TypeConversionException("'" + text + "' is no clock; allowed: " + allowed());
    }

    @Override
    public String allowed() {
      return "system, seed, or a time from 1970 to "
          + LAST.toString().substring(0, 4)
          + " such as 2026-01-01T00:00:00Z";
    }

    @Override
    public ObjectNode schema() {
      // YAML reads a time without quotes as a text, too
      return ValueForm.text();
    }
  }
}
