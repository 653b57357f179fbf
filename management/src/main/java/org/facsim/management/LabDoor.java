/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.facsim.management.LabView.Answered;
import org.facsim.management.LabView.Causes;
import org.facsim.management.LabView.Check;
import org.facsim.management.LabView.Hints;
import org.facsim.management.LabView.Host;
import org.facsim.management.LabView.Incident;
import org.facsim.management.LabView.Outcome;
import org.facsim.management.LabView.Reset;
import org.facsim.management.LabView.Status;
import org.facsim.management.LabView.Task;

/**
 * The lab that runs beside the array: simulated hosts with their virtual machines, and what a
 * trainee is to find out about them. This door does not know hosts; the program that runs them
 * implements this.
 *
 * <p>Every method may wait for a short time, and is called on a thread that may wait. Thread-safe.
 * What cannot be done is a {@link LabRefusal}.
 */
public interface LabDoor {
  /** There is no lab: everything is refused. */
  LabDoor NONE = new NoLab();

  /** The most arguments of a host command, its name included. */
  int MAX_ARGUMENTS = 64;

  /** The longest argument, in characters. */
  int MAX_ARGUMENT_LENGTH = 4096;

  /** The most bytes that are kept of what a command prints on one stream. */
  int MAX_OUTPUT_BYTES = 1 << 20;

  /** How the lab is doing. */
  Status status();

  /** The hosts of the lab, in the order of its file. */
  List<Host> hosts();

  /**
   * Starts a command on a host, as if it was typed there. The commands of one host run one after
   * the other.
   *
   * @param argv the command and its arguments, at least one
   * @return completes with what it printed; never exceptionally, because a command that fails says
   *     so by its exit code
   * @throws LabRefusal NOT_FOUND (there is no such host), BUSY (too many commands wait there)
   */
  CompletionStage<Outcome> command(String host, List<String> argv);

  /** What the hosts do now, and what they have done last, the latest first. */
  List<Task> tasks();

  /** The hints that were taken, and what the next one costs. */
  Hints hints();

  /**
   * Takes the next hint.
   *
   * @throws LabRefusal CONFLICT if there is none left
   */
  Hints takeHint();

  /** The causes that may be stated with {@link #answer}. */
  Causes causes();

  /**
   * The trainee states what the cause is.
   *
   * @param cause one of {@link #causes}
   * @param about the host, VM or volume that it is about; empty for none
   * @throws LabRefusal INVALID if the cause is none of them, or nothing of that name is there
   */
  Answered answer(String cause, String about);

  /** Judges what was done so far, by evidence. Changes nothing. */
  Check check();

  /**
   * Puts the array and the hosts back to where the lab began. What the trainee knows by now is not
   * undone by that: hints, answers and the clock stay in the score, unless somebody else begins.
   *
   * @param newAttempt whether another trainee begins, and hints, answers and the clock do, too
   * @throws LabRefusal BUSY if something does not end
   */
  Reset reset(boolean newAttempt);

  /** The labs that this program has, whether they run or not. */
  List<Incident> shipped();
}
