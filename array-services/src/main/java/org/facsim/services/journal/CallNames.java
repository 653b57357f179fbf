/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.facsim.services.calls.Door;

/**
 * What protocols call things: procedures, statuses, arguments. The journal keeps numbers and bytes,
 * and asks for words when somebody reads it. Thread-safe.
 */
public interface CallNames {
  /** Knows no names, so that numbers are shown and any name is taken. */
  CallNames NONE =
      new CallNames() {
        @Override
        public String procedure(int program, int version, int procedure) {
          return Integer.toString(procedure);
        }

        @Override
        public List<String> procedures(Door door) {
          return List.of();
        }

        @Override
        public String status(Door door, String procedure, long code) {
          return Long.toString(code);
        }

        @Override
        public List<String> statuses(Door door) {
          return List.of();
        }

        @Override
        public Optional<String> arguments(
            Door door, int version, int procedure, ByteBuffer request) {
          return Optional.empty();
        }

        @Override
        public String refusal(ByteBuffer reply) {
          return "REFUSED";
        }
      };

  /** What a procedure is called; its number in decimal if it has no name. */
  String procedure(int program, int version, int procedure);

  /** All procedures of a door; empty if they have no names that are known in advance. */
  List<String> procedures(Door door);

  /**
   * What a door's answer to a procedure says, for example {@code OK} or {@code NOENT}; a number in
   * decimal if it has no name.
   */
  String status(Door door, String procedure, long code);

  /** All that {@link #status} may say for calls of a door; empty if any number may come. */
  List<String> statuses(Door door);

  /**
   * The arguments of a call in brief.
   *
   * @param request the first bytes of the record, from the header of RPC on, as they came
   * @return empty if they are not known, or not enough of them is there
   */
  Optional<String> arguments(Door door, int version, int procedure, ByteBuffer request);

  /** Why RPC itself refused a call, for example {@code PROC_UNAVAIL}, by the reply's bytes. */
  String refusal(ByteBuffer reply);
}
