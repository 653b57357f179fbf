/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

/**
 * One fact that two servers told differently.
 *
 * @param step the call
 * @param fact its name, for example {@code folder.links}
 * @param here the array's word; {@code -} if it told nothing
 * @param there the other server's
 */
record Difference(Step step, String fact, String here, String there) {
  /** Whether it is of the same kind: the same call and fact, and alike on both sides. */
  boolean isLike(Difference other) {
    return step.act() == other.step.act()
        && fact.equals(other.fact)
        && (!fact.equals(Facts.STATUS) || (here.equals(other.here) && there.equals(other.there)));
  }

  @Override
  public String toString() {
    return "%s: %s is %s here, %s there".formatted(step, fact, here, there);
  }
}
