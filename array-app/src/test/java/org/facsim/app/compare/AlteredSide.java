/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

/** A server that tells something wrong: one fact of each answer to one call. */
final class AlteredSide implements Side {
  private final Side inner;
  private final Act act;
  private final String fact;
  private final String word;

  AlteredSide(Side inner, Act act, String fact, String word) {
    this.inner = inner;
    this.act = act;
    this.fact = fact;
    this.word = word;
  }

  @Override
  public void begin(String folder) {
    inner.begin(folder);
  }

  @Override
  public Facts play(Step step) {
    Facts facts = inner.play(step);
    if (step.act() == act
        && facts.all().containsKey(fact)
        && !facts.status().equals(Facts.NOT_SENT)) {
      facts.put(fact, word);
    }
    return facts;
  }

  @Override
  public void end() {
    inner.end();
  }

  @Override
  public void close() {
    inner.close();
  }
}
