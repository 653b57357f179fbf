/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.Gate;
import org.facsim.services.offload.CloneFaults;
import org.facsim.services.paths.FilePaths;

/** A rule at work: what it matches, its counts, and what it does. Thread-safe. */
final class InstalledRule implements CallListener {
  private final long id;
  private final FaultRule rule;
  private final Instant added;
  private final Criteria criteria;
  private final RuleCounter counter;
  private final RuleEffect effect;
  private final InstantSource clock;
  private final boolean isAtOperation;

  /** Null if the rule asks for no earlier call. */
  private final SeenBefore before;

  /** What its calls, connections and jobs wait for; opens when the rule is removed. */
  private final Gate gate = new Gate();

  InstalledRule(long id, FaultRule rule, long arraySeed, FaultGround ground) {
    this.id = id;
    this.rule = rule;
    this.clock = ground.clock();
    this.added = clock.instant();
    this.criteria = new Criteria(rule.match());
    long seed =
        rule.seed().isPresent()
            ? Draw.seedOf(rule.seed().getAsLong(), 0)
            : Draw.seedOf(arraySeed, id);
    this.counter = new RuleCounter(rule.limits(), mostHits(rule), seed, clock, added);
    this.effect = new RuleEffect(label(), rule, seed, gate, ground);
    this.isAtOperation = effect.isAtOperation() || rule.match().needsOperation() || isAfterFile();
    this.before =
        rule.match().after().map(after -> new SeenBefore(after, isAtOperation)).orElse(null);
  }

  /** What happens to the whole array happens once, unless the rule says how often. */
  private static long mostHits(FaultRule rule) {
    boolean isOfArray =
        rule.action().isPresent()
            && (rule.action().get() instanceof FaultAction.Takeover
                || rule.action().get() instanceof FaultAction.LosePower);
    return isOfArray && rule.limits().count() == 0 ? 1 : rule.limits().count();
  }

  private boolean isAfterFile() {
    return rule.match()
        .after()
        .map(after -> after.same() == FaultMatch.Same.FILE || after.match().needsOperation())
        .orElse(false);
  }

  private String label() {
    return rule.name().isEmpty() ? "rule " + id : "rule " + id + " (" + rule.name() + ")";
  }

  long id() {
    return id;
  }

  FaultRule rule() {
    return rule;
  }

  RuleEffect effect() {
    return effect;
  }

  /** Null if the rule asks for no earlier call. */
  SeenBefore before() {
    return before;
  }

  @Override
  public Criteria criteria() {
    return criteria;
  }

  @Override
  public boolean mayConcern(Door door, String procedure) {
    return !rule.isForJobs()
        && criteria.mayMatch(door, procedure)
        && effect.mayConcern(door, procedure);
  }

  @Override
  public boolean isAtOperation() {
    return isAtOperation;
  }

  @Override
  public long hear(CallRecord call) {
    if (!effect.concerns(call) || (before != null && !before.hasSeenFor(call))) {
      return 0;
    }
    long number = counter.count();
    if (number != 0) {
      List<String> paths = FilePaths.of(call);
      counter.note(
          new RuleStatus.Hit(
              clock.instant(),
              call.client().getAddress().getHostAddress() + ":" + call.client().getPort(),
              call.door(),
              call.procedureName(),
              paths.isEmpty() ? Optional.empty() : Optional.of(paths.get(0))));
    }
    return number;
  }

  /** The same of a clone job that matches. */
  boolean hearsJob(CloneFaults.Job job, Door door, String procedure, List<String> paths) {
    if (counter.count() == 0) {
      return false;
    }
    counter.note(
        new RuleStatus.Hit(
            clock.instant(),
            job.initiator().client(),
            door,
            procedure,
            paths.isEmpty() ? Optional.empty() : Optional.of(paths.get(0))));
    return true;
  }

  /** Lets go what waits for the rule's end. */
  void removed() {
    gate.open();
  }

  /** Lets go what waits now, and keeps the rule. */
  int resume() {
    return gate.letGo();
  }

  RuleStatus status() {
    return new RuleStatus(
        id,
        rule,
        added,
        Optional.ofNullable(counter.end()),
        counter.matched(),
        counter.hits(),
        Optional.ofNullable(counter.lastHit()));
  }
}
