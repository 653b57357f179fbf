/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A lab with one host: {@code ls} prints a file, {@code sleep} never ends, {@code busy} finds the
 * host busy. It has one hint, and can be reset once.
 */
final class FakeLab implements LabDoor {
  private static final String NOON = "2026-11-30T12:00:00Z";

  private volatile boolean isOver;
  private int hintsTaken;
  private int resets;
  private int answers;

  /** From now on there is no lab. */
  void end() {
    isOver = true;
  }

  private void requireThere() {
    if (isOver) {
      throw new LabRefusal(LabRefusal.Kind.NOT_FOUND, "over");
    }
  }

  @Override
  public LabView.Status status() {
    requireThere();
    return new LabView.Status(
        "riddle", "The riddle", "Why?", "42", true, NOON, 1.5, 1, 1, 1, 3, hintsTaken, 1);
  }

  @Override
  public List<LabView.Host> hosts() {
    requireThere();
    return List.of(
        new LabView.Host(
            "esx1",
            "8.0",
            List.of(new LabView.DatastoreRow("ds", "/ds", true, "Supported")),
            List.of(new LabView.VmRow("vm1", "ds", true))));
  }

  @Override
  public CompletionStage<LabView.Outcome> command(String host, List<String> argv) {
    requireThere();
    if (!host.equals("esx1")) {
      throw new LabRefusal(LabRefusal.Kind.NOT_FOUND, "no host '" + host + "'; allowed: esx1");
    }
    return switch (argv.get(0)) {
      case "busy" -> throw new LabRefusal(LabRefusal.Kind.BUSY, "busy");
      case "sleep" -> new CompletableFuture<>();
      default -> CompletableFuture.completedFuture(new LabView.Outcome(0, "vm1.vmx\n", ""));
    };
  }

  @Override
  public List<LabView.Task> tasks() {
    requireThere();
    return List.of(
        new LabView.Task("esx1", "task-1", "CloneVM_Task", "vm1", "running", 40, NOON, null, null));
  }

  @Override
  public LabView.Hints hints() {
    requireThere();
    return hintsTaken == 0
        ? new LabView.Hints(List.of(), 1, 5)
        : new LabView.Hints(List.of(new LabView.Hint(1, 5, "look")), 0, null);
  }

  @Override
  public LabView.Hints takeHint() {
    requireThere();
    if (hintsTaken > 0) {
      throw new LabRefusal(LabRefusal.Kind.CONFLICT, "no hint is left");
    }
    hintsTaken++;
    return hints();
  }

  @Override
  public LabView.Causes causes() {
    requireThere();
    return new LabView.Causes(List.of(new LabView.Cause("right", "It is")), List.of("vm1"));
  }

  @Override
  public LabView.Answered answer(String cause, String about) {
    requireThere();
    if (!cause.equals("right")) {
      throw new LabRefusal(LabRefusal.Kind.INVALID, "cause '" + cause + "'; allowed: right");
    }
    return new LabView.Answered(true, about.isEmpty(), ++answers, 1.5);
  }

  @Override
  public LabView.Check check() {
    requireThere();
    return new LabView.Check(
        "open", 50, List.of(new LabView.Part("cause", 50, 100, List.of("found"))), List.of("50"));
  }

  @Override
  public LabView.Reset reset(boolean newAttempt) {
    requireThere();
    if (resets++ > 0) {
      throw new LabRefusal(LabRefusal.Kind.BUSY, "a command runs");
    }
    return new LabView.Reset(1.5, newAttempt, 1, 0);
  }

  @Override
  public List<LabView.Incident> shipped() {
    requireThere();
    return List.of(new LabView.Incident("riddle", "The riddle", true));
  }
}
