/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.facsim.protocol.testing.Interleavings.Step;

/**
 * Names that calls make, under one lock, behind a memory of these calls that ends when a restore
 * undoes them: what the race tests of such memories are about.
 */
public abstract class RememberedNames {
  private static final int SCENARIOS = 40;
  private static final int RUNS_OF_EACH = 50;

  private final Set<Object> names = new HashSet<>();

  /** Ends the memory. */
  protected abstract void forgetAll();

  /** Adds a name; returns whether it was not there. */
  protected final boolean add(Object name) {
    boolean added;
    synchronized (this) {
      added = names.add(name);
    }
    Interleavings.letOthersIn(); // so that others come between the change and its answer
    return added;
  }

  public final synchronized boolean isThere(Object name) {
    return names.contains(name);
  }

  /** Back to when there were none, as the array does it: with every change locked out. */
  public final synchronized boolean restore() {
    forgetAll();
    names.clear();
    return true;
  }

  /** The planted mistake: a call in between is remembered, and undone. */
  public final boolean forgetThenRestore() {
    forgetAll();
    Interleavings.letOthersIn();
    synchronized (this) {
      names.clear();
    }
    return true;
  }

  /**
   * Tries these steps in many threads and orders.
   *
   * @throws AssertionError if an outcome is that of no order
   */
  public static <S> void check(Supplier<S> subject, List<Step<S>> steps, Step<S> more)
      throws Exception {
    List<Step<S>> all = new ArrayList<>(steps);
    all.add(more);
    new Interleavings<>(subject, all).check(SCENARIOS, RUNS_OF_EACH);
  }
}
