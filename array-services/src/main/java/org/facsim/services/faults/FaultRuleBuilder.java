/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.facsim.services.calls.Door;
import org.facsim.services.paths.PathGlob;

/**
 * Collects the parts of a rule, for programs that embed an array:
 *
 * <pre>{@code
 * array.faults().add(
 *     FaultRule.of(new FaultAction.Status("JUKEBOX"))
 *         .door(Door.NFS).procedure("WRITE").path("/ds/**").nth(3).rule());
 * }</pre>
 *
 * <p>Every method throws {@link IllegalArgumentException} for what no rule can have. Not
 * thread-safe.
 */
public final class FaultRuleBuilder {
  private final Optional<FaultAction> action;
  private Optional<FaultAction.Delay> delay = Optional.empty();
  private String name = "";
  private OptionalLong seed = OptionalLong.empty();

  private final List<Door> doors = new ArrayList<>();
  private final List<String> procedures = new ArrayList<>();
  private Optional<String> volume = Optional.empty();
  private Optional<PathGlob> path = Optional.empty();
  private Optional<String> handle = Optional.empty();
  private Optional<ClientMatch> client = Optional.empty();
  private OptionalLong uid = OptionalLong.empty();
  private Optional<String> host = Optional.empty();
  private Optional<FaultMatch.After> after = Optional.empty();

  private long nth;
  private long every = 1;
  private double probability = 1;
  private long count;
  private Optional<FaultLimits.From> from = Optional.empty();
  private Optional<Duration> length = Optional.empty();

  FaultRuleBuilder(Optional<FaultAction> action) {
    this.action = action;
  }

  public FaultRuleBuilder name(String text) {
    name = text;
    return this;
  }

  /** Also for calls of this door. */
  public FaultRuleBuilder door(Door also) {
    doors.add(also);
    return this;
  }

  /** Also for calls of this procedure. */
  public FaultRuleBuilder procedure(String also) {
    procedures.add(also);
    return this;
  }

  public FaultRuleBuilder volume(String volumeName) {
    volume = Optional.of(volumeName);
    return this;
  }

  /** See {@link PathGlob}. */
  public FaultRuleBuilder path(String glob) {
    path = Optional.of(PathGlob.parse(glob));
    return this;
  }

  /** Hexadecimal. */
  public FaultRuleBuilder handle(String hex) {
    handle = Optional.of(hex);
    return this;
  }

  /** See {@link ClientMatch#SYNTAX}. */
  public FaultRuleBuilder client(String text) {
    client = Optional.of(ClientMatch.parse(text));
    return this;
  }

  public FaultRuleBuilder uid(long user) {
    uid = OptionalLong.of(user);
    return this;
  }

  public FaultRuleBuilder host(String hostName) {
    host = Optional.of(hostName);
    return this;
  }

  public FaultRuleBuilder after(FaultMatch match, FaultMatch.Same same) {
    after = Optional.of(new FaultMatch.After(match, same));
    return this;
  }

  public FaultRuleBuilder delay(FaultAction.Delay late) {
    delay = Optional.of(late);
    return this;
  }

  public FaultRuleBuilder nth(long only) {
    nth = only;
    return this;
  }

  public FaultRuleBuilder every(long each) {
    every = each;
    return this;
  }

  public FaultRuleBuilder probability(double share) {
    probability = share;
    return this;
  }

  public FaultRuleBuilder count(long most) {
    count = most;
    return this;
  }

  public FaultRuleBuilder from(FaultLimits.From begin) {
    from = Optional.of(begin);
    return this;
  }

  /** How long the rule applies. */
  public FaultRuleBuilder lasting(Duration time) {
    length = Optional.of(time);
    return this;
  }

  public FaultRuleBuilder seed(long value) {
    seed = OptionalLong.of(value);
    return this;
  }

  /** What was said so far of the calls. */
  public FaultMatch match() {
    return new FaultMatch(doors, procedures, volume, path, handle, client, uid, host, after);
  }

  public FaultRule rule() {
    return new FaultRule(
        name,
        match(),
        action,
        delay,
        new FaultLimits(nth, every, probability, count, from, length),
        seed);
  }
}
