/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The lab of an array that runs without one. */
final class NoLab implements LabDoor {
  private static LabRefusal none() {
    return new LabRefusal(
        LabRefusal.Kind.NOT_FOUND, "no lab runs here; 'facsim serve --lab NAME' runs one");
  }

  @Override
  public LabView.Status status() {
    throw none();
  }

  @Override
  public List<LabView.Host> hosts() {
    throw none();
  }

  @Override
  public CompletionStage<LabView.Outcome> command(String host, List<String> argv) {
    throw none();
  }

  @Override
  public List<LabView.Task> tasks() {
    throw none();
  }

  @Override
  public LabView.Hints hints() {
    throw none();
  }

  @Override
  public LabView.Hints takeHint() {
    throw none();
  }

  @Override
  public LabView.Causes causes() {
    throw none();
  }

  @Override
  public LabView.Answered answer(String cause, String about) {
    throw none();
  }

  @Override
  public LabView.Check check() {
    throw none();
  }

  @Override
  public LabView.Reset reset(boolean newAttempt) {
    throw none();
  }

  @Override
  public List<LabView.Incident> shipped() {
    throw none();
  }
}
