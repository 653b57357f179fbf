/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;

/** What can be seen of a lab. The records are the JSON of the HTTP door; a null field is absent. */
public final class LabView {
  private LabView() {}

  /**
   * How a lab is doing.
   *
   * @param name of the lab
   * @param text what the trainee is told
   * @param seed from which names and numbers are drawn, as text, because it has 64 bits
   * @param isIncident whether there is a cause to be found
   * @param startedAt when it was started, or last reset for a new attempt
   * @param elapsedSeconds since then
   * @param writesPerSecond of guests, in the last seconds
   */
  public record Status(
      String name,
      String title,
      String text,
      String seed,
      boolean isIncident,
      String startedAt,
      double elapsedSeconds,
      int hosts,
      int virtualMachines,
      int poweredOn,
      double writesPerSecond,
      int hintsTaken,
      int hintsLeft) {}

  /** A datastore as its host sees it. */
  public record DatastoreRow(
      String name, String exportPath, boolean isAccessible, String hardwareAcceleration) {}

  /** A VM on its host. */
  public record VmRow(String name, String datastore, boolean isPoweredOn) {}

  /** A host. */
  public record Host(
      String name, String version, List<DatastoreRow> datastores, List<VmRow> virtualMachines) {
    public Host {
      datastores = List.copyOf(datastores);
      virtualMachines = List.copyOf(virtualMachines);
    }
  }

  /**
   * What a command printed.
   *
   * @param exitCode as the host's shell has it
   */
  public record Outcome(int exitCode, String stdout, String stderr) {}

  /**
   * A task of a host.
   *
   * @param name such as {@code CloneVM_Task}
   * @param state queued, running, success or error
   * @param percent 0 to 100
   * @param error absent if there is none
   */
  public record Task(
      String host,
      String id,
      String name,
      String entity,
      String state,
      int percent,
      String queuedAt,
      String endedAt,
      String error) {}

  /** A hint that was taken. */
  public record Hint(int number, int cost, String text) {}

  /**
   * The hints.
   *
   * @param left how many are left
   * @param nextCost points that the next one takes; absent if there is none
   */
  public record Hints(List<Hint> taken, int left, Integer nextCost) {
    public Hints {
      taken = List.copyOf(taken);
    }
  }

  /** A cause that may be stated. */
  public record Cause(String cause, String text) {}

  /**
   * The causes that may be stated.
   *
   * @param subjects hosts, VMs and volumes that a cause may be about
   */
  public record Causes(List<Cause> items, List<String> subjects) {
    public Causes {
      items = List.copyOf(items);
      subjects = List.copyOf(subjects);
    }
  }

  /**
   * What became of an answer.
   *
   * @param isRightCause whether the cause is the right one
   * @param isRightSubject whether it is about the right thing
   * @param attempts how many answers were given so far
   */
  public record Answered(
      boolean isRightCause, boolean isRightSubject, int attempts, double afterSeconds) {}

  /**
   * One part of a score.
   *
   * @param what is judged
   * @param points what it gives, or takes
   * @param most the points that it can give; 0 for what can only take
   * @param evidence what was found, with figures
   */
  public record Part(String what, int points, int most, List<String> evidence) {
    public Part {
      evidence = List.copyOf(evidence);
    }
  }

  /**
   * A score.
   *
   * @param verdict solved, open or wrong
   * @param score 0 to 100
   * @param text the same for people, line by line
   */
  public record Check(String verdict, int score, List<Part> parts, List<String> text) {
    public Check {
      parts = List.copyOf(parts);
      text = List.copyOf(text);
    }
  }

  /**
   * A reset that is done.
   *
   * @param isNewAttempt whether hints and answers are forgotten; otherwise they stay in the score
   * @param hints that had been taken
   * @param wrongAnswers that had been given
   */
  public record Reset(double tookMilliseconds, boolean isNewAttempt, int hints, int wrongAnswers) {}

  /** A lab that ships. */
  public record Incident(String name, String title, boolean isIncident) {}
}
